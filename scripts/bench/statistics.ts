// Times the bootstrap of a mean difference and of a macro-F1 difference at the sizes that reports name.
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { bootstrapInterval, meanOf } from '../../evals/statistics/bootstrap.ts';
import { decidingInterval } from '../../evals/statistics/deciding-interval.ts';
import { macroF1, type CodedAnswers } from '../../evals/statistics/macro-f1.ts';
import { createRandom } from '../../evals/statistics/random.ts';
import { packageRoot } from '../../infra/settings.ts';
import { statisticsPage, type Timing } from './statistics-page.ts';

const rounds = 5;
const rows = 2000;
const resamples = 10_000;
const labels = 77;
const random = createRandom(1);
const plan = { rows, confidence: 0.95, seed: 7, resamples };

const differences = Float64Array.from({ length: rows }, () => random() - random());
const expected = Int32Array.from({ length: rows }, () => Math.floor(random() * labels));
const [ours, theirs] = [0.85, 0.8].map((chance) => answers(chance));
const clusters = Array.from({ length: rows }, (_, row) => `group ${row % 200}`);

/** One arm that is right with a chance, and else gives any label. */
function answers(chance: number): CodedAnswers {
  const answered = expected.map((label) => (random() < chance ? label : Math.floor(random() * labels)));
  return { expected, answered, labels };
}

function macroF1Difference(chosen: Int32Array): number {
  return ours === undefined || theirs === undefined ? Number.NaN : macroF1(ours, chosen) - macroF1(theirs, chosen);
}

const tasks: Readonly<Record<string, { readonly limit: number | null; readonly run: () => unknown }>> = {
  'BCa bootstrap of a mean difference, 10,000 × 2,000 rows': {
    limit: 0.5,
    run: () => bootstrapInterval(plan, meanOf(differences)),
  },
  'BCa bootstrap of a macro-F1 difference, 10,000 × 2,000 rows × 77 labels': {
    limit: 10,
    run: () => bootstrapInterval(plan, macroF1Difference),
  },
  'the same as it decides, with the jackknife, in 200 groups': {
    limit: null,
    run: () =>
      decidingInterval({ kind: 'metric', statistic: macroF1Difference, rows, clusters, seed: 7, resamples }, 0.95),
  },
  'deciding interval of 2,000 graded rows': {
    limit: null,
    run: () => decidingInterval({ kind: 'rows', differences }, 0.95),
  },
  'deciding interval of 2,000 graded rows in 200 groups': {
    limit: null,
    run: () => decidingInterval({ kind: 'rows', differences, clusters }, 0.95),
  },
};

const timings: Timing[] = [];
for (const [task, { limit, run }] of Object.entries(tasks)) {
  run();
  const seconds: number[] = [];
  const processor: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [started, used] = [performance.now(), process.cpuUsage()];
    run();
    seconds.push((performance.now() - started) / 1000);
    processor.push(process.cpuUsage(used).user / 1e6);
  }
  timings.push({ task, limit, seconds, processor });
  console.error(`bench: ${task}: ${Math.min(...seconds).toFixed(3)} s`);
}

const report = {
  machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length },
  load: loadavg()[0] ?? Number.NaN,
  node: process.version,
  timings,
};
const folder = join(packageRoot, 'docs', 'benchmarks');
const [json, page] = [join(folder, 'statistics.json'), join(folder, 'statistics.md')];
await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
await writeFile(page, statisticsPage(report));
await execa('prettier', ['--write', json, page], { cwd: packageRoot, preferLocal: true });
