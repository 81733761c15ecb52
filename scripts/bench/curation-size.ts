// npm run bench -- curation-size [--bytes N]: whole curations of files up to N bytes (2 GB), their memory and their growth.
import { mkdtemp, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { z } from 'zod';
import { BadInput } from '../../domain/bad-input.ts';
import { loadSettings, packageRoot } from '../../infra/settings.ts';
import { documentShape, writeDocuments } from './curation/documents.ts';
import { runOwn } from './curation/own-runs.ts';
import { peerPython, peerVersions } from './curation/peers.ts';
import { wholeCuration } from './curation/settings.ts';
import { sizePage, type FullRead, type SizeReport, type SizeRun } from './curation/size-page.ts';

const { values } = parseArgs({ args: process.argv.slice(3), options: { bytes: { type: 'string', default: '2e9' } } });
const largest = Number(values.bytes);
const folder = await mkdtemp(join(tmpdir(), 'contender-bench-'));
const readSchema = z.strictObject({ rows: z.int(), seconds: z.number(), peakMiB: z.number() });
try {
  // The file, its rows in scratch files, and the splits.
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < largest * 5) {
    throw new BadInput(`there is no room for ${(largest * 5) / 1e9} GB`, { where: folder, hint: 'set TMPDIR' });
  }
  const python = await peerPython(loadSettings().home);
  const runs: SizeRun[] = [];
  const reads: FullRead[] = [];
  for (const [format, bytes] of [
    ['jsonl', largest / 16],
    ['jsonl', largest / 4],
    ['jsonl', largest],
    ['csv', largest],
  ] as const) {
    const path = join(folder, `documents.${format}`);
    const written = await writeDocuments(path, { format, until: { bytes }, personal: true });
    const load = loadNow();
    const figures = await runOwn(path, { threads: 2, folder, settings: wholeCuration, results: 'discard' });
    runs.push(told({ format, bytes: written.bytes, load, ...figures }));
    if (bytes === largest) {
      reads.push(told({ tool: 'wc -l', format, ...(await countLines(path)) }));
      for (const what of ['read', 'distinct'] as const) {
        const script = join(packageRoot, 'scripts', 'bench', 'curation', 'full_read.py');
        const { stdout } = await execa(python, [script, path, what]);
        const tool = what === 'read' ? 'DuckDB, reading every text' : 'DuckDB, counting different texts';
        const { rows: _, ...read } = readSchema.parse(JSON.parse(stdout));
        reads.push(told({ tool, format, bytes: (await stat(path)).size, ...read }));
      }
    }
    await rm(path);
  }
  const report: SizeReport = {
    machine: { cpu: cpus()[0]?.model.replaceAll(/\s+/gu, ' ').trim() ?? 'unknown', cores: cpus().length },
    node: process.versions.node,
    duckdb: peerVersions.duckdb,
    load: loadNow(),
    shape: documentShape,
    settings: wholeCuration,
    runs,
    reads,
  };
  const docs = join(packageRoot, 'docs', 'benchmarks');
  const [json, page] = [join(docs, 'curation-size.json'), join(docs, 'curation-size.md')];
  await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(page, sizePage(report));
  await execa('prettier', ['--write', page, json], { cwd: packageRoot, preferLocal: true });
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function countLines(path: string): Promise<{ seconds: number; bytes: number }> {
  const started = performance.now();
  await execa('wc', ['-l', path]);
  return { seconds: (performance.now() - started) / 1000, bytes: (await stat(path)).size };
}

/** Says a figure while others are still being measured. */
function told<Figures>(figures: Figures): Figures {
  console.error(`bench: ${JSON.stringify(figures)}`);
  return figures;
}

function loadNow(): number {
  return loadavg()[0] ?? Number.NaN;
}
