// Our curation in a process of its own.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../../infra/settings.ts';
import type { OwnFigures } from './figures.ts';

/** Curates a file into `folder`, with worker threads or (0) in one thread alone. `settings` go over those of the comparison. */
export async function runOwn(
  file: string,
  {
    threads,
    folder,
    settings = {},
    results,
  }: { threads: number; folder: string; settings?: object; results: 'keep' | 'discard' },
): Promise<OwnFigures> {
  await mkdir(folder, { recursive: true });
  const script = join(packageRoot, 'scripts', 'bench', 'curation', 'own-run.ts');
  const compiled = join(packageRoot, '.contender', 'cache', 'compiled');
  const { stdout } = await execa(
    process.execPath,
    [script, file, String(threads), folder, JSON.stringify(settings), results],
    // As the command does: the compiled form of the sources is kept from an earlier start.
    { env: { NODE_COMPILE_CACHE: compiled }, stdin: 'ignore', stderr: 'inherit' },
  );
  return JSON.parse(stdout);
}
