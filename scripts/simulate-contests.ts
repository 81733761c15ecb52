// Simulates contests between arms whose true difference is known, through the functions that decide in earnest, and writes
// docs/benchmarks/simulation.md and .json. Exit code 1 when a rate misses a bound that is claimed.
//
//   node scripts/simulate-contests.ts [--contests 20000] [--workers 2] [--only TEXT] [--missing]
//
// With --only, settings whose JSON holds the text are run and shown, and nothing is written. With --missing, settings that
// simulation.json holds with as many contests are left as they are, for a run that was cut off: files are written as it goes.
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa, execaNode } from 'execa';
import { z } from 'zod';
import { packageRoot } from '../infra/settings.ts';
import { isClaimed, isKept, limit, simulationPage, type Line } from './simulate/page.ts';
import { allSettings } from './simulate/setting.ts';

const { values } = parseArgs({
  options: {
    contests: { type: 'string' },
    workers: { type: 'string' },
    only: { type: 'string' },
    missing: { type: 'boolean', default: false },
  },
});
const contests = z.coerce
  .number()
  .int()
  .positive()
  .parse(values.contests ?? 20_000);
const workers = z.coerce
  .number()
  .int()
  .positive()
  .parse(values.workers ?? availableParallelism());
const settings = allSettings();
const wanted = settings.flatMap((setting, index) =>
  values.only === undefined || JSON.stringify(setting).includes(values.only) ? [index] : [],
);

const outcomeSchema = z.object({
  contests: z.int(),
  rate: z.number(),
  formula: z.number().nullable(),
  rows: z.int(),
  seconds: z.number(),
});

const folder = join(packageRoot, 'docs', 'benchmarks');
const [json, page] = [join(folder, 'simulation.json'), join(folder, 'simulation.md')];
/** A run of hours is written so often that a cut costs minutes. */
const settingsBetweenWrites = 10;

const found = values.missing ? await linesOnFile() : new Map<number, Line>();
const waiting = wanted.filter((index) => !found.has(index));
await Promise.all(Array.from({ length: Math.min(workers, wanted.length) }, () => runWorker()));
const lines = linesInOrder();
const missed = lines.filter((line) => isClaimed(line) && !isKept(line));
for (const { setting, outcome } of missed) {
  console.error(`simulate: bound missed: ${outcome.rate.toFixed(4)} in ${JSON.stringify(setting)}`);
}
if (values.only === undefined) {
  await write();
}
process.exitCode = missed.length > 0 ? 1 : 0;

async function runWorker(): Promise<void> {
  const script = join(packageRoot, 'scripts', 'simulate', 'worker.ts');
  const worker = execaNode(script, [String(contests)], { ipc: true, stderr: 'inherit' });
  for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
    await worker.sendMessage(index);
    const outcome = outcomeSchema.parse(await worker.getOneMessage());
    const setting = settings[index];
    if (setting !== undefined) {
      found.set(index, { setting, outcome });
      const told = setting.kind === 'rows' ? { ...setting, shape: setting.shape.label } : setting;
      const beside = outcome.formula === null ? `bound ${limit}` : `formula ${outcome.formula.toFixed(3)}`;
      console.error(
        `simulate: ${found.size}/${wanted.length} ${outcome.rate.toFixed(4)} (${beside}) ${JSON.stringify(told)} ${outcome.seconds.toFixed(1)} s`,
      );
      if (values.only === undefined && found.size % settingsBetweenWrites === 0) {
        await write();
      }
    }
  }
  worker.kill();
  await worker.catch(() => null);
}

function linesInOrder(): Line[] {
  return wanted.flatMap((index) => found.get(index) ?? []);
}

/** What simulation.json holds of today's settings, computed with as many contests. */
async function linesOnFile(): Promise<Map<number, Line>> {
  const stored = z
    .object({ settings: z.array(outcomeSchema.loose()) })
    .parse(JSON.parse(await readFile(json, 'utf8')))
    .settings.filter((line) => line.contests === contests);
  const byName = new Map(
    stored.map(({ contests: count, rate, formula, rows, seconds, claimed: _claimed, kept: _kept, ...setting }) => [
      JSON.stringify(setting),
      { contests: count, rate, formula, rows, seconds },
    ]),
  );
  return new Map(
    settings.flatMap((setting, index) => {
      const outcome = byName.get(JSON.stringify(setting));
      return outcome === undefined ? [] : [[index, { setting, outcome }] as const];
    }),
  );
}

async function write(): Promise<void> {
  const done = linesInOrder();
  const seconds = done.reduce((sum, { outcome }) => sum + outcome.seconds, 0);
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
  const settled = done.map((line) => ({
    ...line.setting,
    ...line.outcome,
    claimed: isClaimed(line),
    kept: isKept(line),
  }));
  const document = { machine, contests, seconds, planned: wanted.length, settings: settled };
  await writeFile(json, `${JSON.stringify(document, null, 2)}\n`);
  await writeFile(page, simulationPage(done, contests, seconds, wanted.length));
  await execa('prettier', ['--write', json, page], { cwd: packageRoot, preferLocal: true });
}
