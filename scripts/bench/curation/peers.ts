// The tools that curation is compared with: installed in pinned versions into a folder of their own, and how they are run.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { canonicalJson } from '../../../domain/canonical.ts';
import { packageRoot } from '../../../infra/settings.ts';

export const peerVersions = {
  'datatrove[processing,io]': '0.10.1',
  // The tokeniser that datatrove takes for English.
  spacy: '3.8.18',
  datasketch: '2.0.0',
  rensa: '0.5.0',
  duckdb: '2.0.1',
} as const;

/** Installs what is not there in these versions, and gives the Python that has it. Throws ExecaError when a package cannot be had. */
export async function peerPython(home: string): Promise<string> {
  const folder = join(home, 'bench', 'curation-peers');
  const python = join(folder, 'bin', 'python');
  const mark = join(folder, 'installed.json');
  const wanted = canonicalJson(peerVersions);
  if ((await readFile(mark, 'utf8').catch(() => '')) !== wanted) {
    const packages = Object.entries(peerVersions).map(([name, version]) => `${name}==${version}`);
    console.error(`bench: installing ${packages.join(', ')} into ${folder}`);
    await rm(folder, { recursive: true, force: true });
    const tools = join(packageRoot, '.contender', 'tools', 'bin');
    await execa(join(tools, 'uv'), ['venv', '--quiet', '--python', join(tools, 'python'), folder]);
    await execa(join(tools, 'uv'), ['pip', 'install', '--quiet', '--python', python, ...packages]);
    await writeFile(mark, wanted);
  }
  return python;
}

const peerSchema = z.strictObject({
  documents: z.int(),
  kept: z.int(),
  phases: z.record(z.string(), z.number()),
  cpuSeconds: z.number(),
  peakMiB: z.number(),
});
export type PeerFigures = z.infer<typeof peerSchema>;

export type PeerName = 'datatrove' | 'datasketch' | 'rensa';

/** One peer on the first `documents` of a file, in one process; the numbers of those it dropped go to `dropped`. */
export async function runPeer(
  python: string,
  name: PeerName,
  { file, documents, dropped, scratch }: Record<'file' | 'dropped' | 'scratch', string> & { documents: number },
): Promise<PeerFigures> {
  await rm(scratch, { recursive: true, force: true });
  const script = join(packageRoot, 'scripts', 'bench', 'curation', `peer_${name}.py`);
  const args = [script, file, String(documents), dropped, ...(name === 'datatrove' ? [scratch] : [])];
  const { stdout } = await execa(python, args, {
    env: { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', HF_HUB_OFFLINE: '1' },
    stderr: 'ignore',
    stdin: 'ignore',
  });
  return peerSchema.parse(JSON.parse(stdout.split('\n').at(-1) ?? ''));
}
