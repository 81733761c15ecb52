// npm run bench -- curation [--documents N] [--rounds N]: deduplication of the same documents by us and by others.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { loadSettings, packageRoot } from '../../infra/settings.ts';
import { curationPage, type CurationReport, type Turn } from './curation/curation-page.ts';
import { documentShape, writeDocuments } from './curation/documents.ts';
import { judge } from './curation/judged.ts';
import { runOwn } from './curation/own-runs.ts';
import { peerPython, peerVersions, runPeer, type PeerName } from './curation/peers.ts';
import { bandSettings } from './curation/settings.ts';

/** Datatrove takes an hour for what others do in seconds. */
const fewer = 10_000;

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { documents: { type: 'string', default: '200000' }, rounds: { type: 'string', default: '3' } },
});
const [documents, rounds] = [Number(values.documents), Number(values.rounds)];
const python = await peerPython(loadSettings().home);
const folder = await mkdtemp(join(tmpdir(), 'contender-bench-'));
try {
  const file = join(folder, 'documents.jsonl');
  const written = await writeDocuments(file, { format: 'jsonl', until: { documents } });
  const turns: Turn[] = [];
  const peers: readonly (readonly [PeerName, number])[] = [
    ['datasketch', documents],
    ['rensa', documents],
    ['datatrove', Math.min(fewer, documents)],
  ];
  const droppedBy = (tool: string): string => join(folder, `${tool}.txt`);
  const ours = join(folder, 'ours');
  for (let round = 1; round <= rounds; round += 1) {
    for (const threads of [0, 2]) {
      const load = loadNow();
      const { dropped: _, ...figures } = await runOwn(file, { threads, folder: ours, results: 'keep' });
      turns.push(told({ tool: threads === 0 ? 'contender' : 'contender, 2 threads', load, ...figures }));
    }
    for (const [tool, count] of peers) {
      const load = loadNow();
      const order = { file, documents: count, dropped: droppedBy(tool), scratch: join(folder, 'scratch') };
      const { phases, ...figures } = await runPeer(python, tool, order);
      const seconds = Object.values(phases).reduce((sum, phase) => sum + phase, 0);
      turns.push(told({ tool, load, seconds, steps: phases, ...figures }));
    }
  }
  const judged = await judge(
    python,
    file,
    ours,
    peers.map(([tool, count]) => ({ tool, dropped: droppedBy(tool), documents: count })),
  );
  const report: CurationReport = {
    machine: { cpu: cpus()[0]?.model.replaceAll(/\s+/gu, ' ').trim() ?? 'unknown', cores: cpus().length },
    node: process.versions.node,
    load: loadNow(),
    file: { ...written, ...documentShape },
    settings: bandSettings,
    versions: peerVersions,
    fewer: Math.min(fewer, documents),
    turns,
    judged,
  };
  const docs = join(packageRoot, 'docs', 'benchmarks');
  const [json, page] = [join(docs, 'curation.json'), join(docs, 'curation.md')];
  await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(page, curationPage(report));
  await execa('prettier', ['--write', page, json], { cwd: packageRoot, preferLocal: true });
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Says a figure while others are still being measured. */
function told<Figures>(figures: Figures): Figures {
  console.error(`bench: ${JSON.stringify(figures)}`);
  return figures;
}

function loadNow(): number {
  return loadavg()[0] ?? Number.NaN;
}
