// npm run bench -- eval [--rows FILE.csv] [--rounds N]: evaluation engines on the same rows and the same slow endpoint.
//
// FILE.csv is the test part of Banking77 with the columns `text` and `category`; CONTENDER_BANKING77 may name it too.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { BadInput } from '../../domain/bad-input.ts';
import { loadSettings, packageRoot } from '../../infra/settings.ts';
import { numberedRows, readRows, writeRows, type RowFiles } from './eval/bench-rows.ts';
import { evalPage, type EvalReport, type ScaleRun } from './eval/eval-page.ts';
import { killedRun } from './eval/kills.ts';
import { oneArm, oneArmSchema, wholeCommand } from './eval/own-tools.ts';
import { peerFolder } from './eval/peer-folder.ts';
import { inspectAi, lmEval, promptfoo } from './eval/peer-tools.ts';
import { startStub, type Stub } from './eval/stub.ts';
import { compareWithTemporal } from './eval/through-temporal.ts';
import type { Place, Tool } from './eval/tool.ts';
import { takeTurn, type Turn } from './eval/turn.ts';

const latencyMs = 50;
const concurrency = 64;
const counts = { rows: 2000, many: 100_000, kills: 12 };

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { rows: { type: 'string' }, rounds: { type: 'string', default: '3' } },
});
const csv = values.rows ?? process.env['CONTENDER_BANKING77'] ?? '';
if (csv === '') {
  throw new BadInput('no rows are given', {
    where: '--rows',
    hint: 'the test part of Banking77 as CSV with the columns text and category; docs/suites.md says where it is',
  });
}
const rounds = Number(values.rounds);
const settings = loadSettings();
const loadBefore = load();
const folder = await mkdtemp(join(tmpdir(), 'contender-bench-'));
try {
  const texts = await readRows(csv, counts.rows);
  const peers = await peerFolder(settings.home);
  const tools = [oneArm, wholeCommand, lmEval(peers), promptfoo(peers), inspectAi(peers)];
  const files = await writeRows(join(folder, 'rows'), texts);
  const measured = await withStub(files, async (stub) => ({
    turns: await takeTurns(tools, files, stub),
    killed: told(await killedRun(await place('killed', files, stub), stub, counts.kills)),
    temporal: told(await compareWithTemporal(await place('temporal', files, stub), stub, rounds)),
  }));
  const many = await writeRows(join(folder, 'many'), numberedRows(texts, counts.many));
  const scale = await withStub(many, async (stub): Promise<ScaleRun> => {
    const { stdout, tool: _, ...turn } = await takeTurn(oneArm, await place('many', many, stub), stub);
    return told({ ...turn, ...oneArmSchema.parse(JSON.parse(stdout)) });
  });
  const report: EvalReport = {
    machine: { cpu: cpus()[0]?.model.replaceAll(/\s+/gu, ' ').trim() ?? 'unknown', cores: cpus().length },
    node: process.versions.node,
    load: { before: loadBefore, after: load() },
    rows: counts.rows,
    latencyMs,
    concurrency,
    tools: tools.map(({ name, version, arms }) => ({ name, version, arms })),
    ...measured,
    scale,
  };
  const docs = join(packageRoot, 'docs', 'benchmarks');
  const [json, page] = [join(docs, 'eval.json'), join(docs, 'eval.md')];
  await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(page, evalPage(report));
  await execa('prettier', ['--write', page, json], { cwd: packageRoot, preferLocal: true });
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function takeTurns(tools: readonly Tool[], files: RowFiles, stub: Stub): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const [at, tool] of tools.entries()) {
      const { stdout: _, ...turn } = await takeTurn(tool, await place(`tool-${at}`, files, stub), stub);
      turns.push(told(turn));
    }
  }
  return turns;
}

/** Says a figure while others are still being measured. */
function told<Figures>(figures: Figures): Figures {
  console.error(`bench: ${JSON.stringify(figures)}`);
  return figures;
}

async function place(name: string, files: RowFiles, { url }: Stub): Promise<Place> {
  const own = join(folder, name);
  await mkdir(own, { recursive: true });
  return { folder: own, ...files, url, concurrency };
}

async function withStub<Result>({ jsonl }: RowFiles, use: (stub: Stub) => Promise<Result>): Promise<Result> {
  const stub = await startStub(jsonl, latencyMs);
  try {
    return await use(stub);
  } finally {
    stub.stop();
  }
}

function load(): number {
  return loadavg()[0] ?? Number.NaN;
}
