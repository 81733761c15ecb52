// npm run bench -- labels --data FILE.csv --input COLUMN --output COLUMN: label errors that were put in, beside cleanlab.
//
// The figures in docs/benchmarks are of the training part of Banking77 (columns `text` and `category`).
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { execa } from 'execa';
import { z } from 'zod';
import { crossConfidence } from '../../datasets/labels/cross-confidence.ts';
import { findLabelErrors } from '../../datasets/labels/find-label-errors.ts';
import { sampleRows, type LabelledRow } from '../../datasets/labels/sample-rows.ts';
import { BadInput } from '../../domain/bad-input.ts';
import { createRandom, randomInteger } from '../../evals/statistics/random.ts';
import { loadSettings, packageRoot } from '../../infra/settings.ts';
import { labelsPage, type LabelsReport } from './labels-page.ts';

const versions = { cleanlab: '2.9.0', 'scikit-learn': '1.9.1' };
const folds = 5;

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    data: { type: 'string' },
    input: { type: 'string', default: 'text' },
    output: { type: 'string', default: 'category' },
    noise: { type: 'string', default: '0.03' },
    seed: { type: 'string', default: '7' },
  },
});
if (values.data === undefined) {
  throw new BadInput('no rows are given', {
    where: '--data',
    hint: 'a CSV file; --input and --output name its columns',
  });
}
const { input, output } = values;
const [noise, seed] = [Number(values.noise), Number(values.seed)];
const records = z.array(z.record(z.string(), z.string())).parse(parse(await readFile(values.data), { columns: true }));
const labels = [...new Set(records.map((record) => record[output] ?? ''))].toSorted();
const random = createRandom(seed);
const rows = records.map((record, index) => {
  const label = record[output] ?? '';
  const others = labels.length - 1;
  const wrong = random() < noise;
  const other = wrong ? (labels.indexOf(label) + 1 + randomInteger(random, others)) % labels.length : 0;
  return { id: String(index), input: record[input] ?? '', output: wrong ? (labels[other] ?? '') : label, wrong };
});
const wrong = new Set(rows.filter((row) => row.wrong).map(({ id }) => id));

const started = performance.now();
const errors = await findLabelErrors(readRows, { folds, max_rows: 200_000 }, seed);
const seconds = (performance.now() - started) / 1000;
if (errors.kind === 'skipped') {
  throw new BadInput(errors.why, { where: values.data });
}
const theirs = await cleanlab();
const report: LabelsReport = {
  machine: { cpu: cpus()[0]?.model.replaceAll(/\s+/gu, ' ').trim() ?? 'unknown', cores: cpus().length },
  load: loadavg()[0] ?? Number.NaN,
  node: process.versions.node,
  versions,
  rows: rows.length,
  labels: labels.length,
  wrong: wrong.size,
  noise,
  seed,
  tools: [
    {
      tool: 'Contender',
      seconds,
      ...scores(
        errors.found.map(({ id }) => id),
        await confidences(),
      ),
    },
    { tool: 'cleanlab', seconds: theirs.seconds, ...scores(theirs.found, theirs.confidences) },
  ],
};
const target = join(packageRoot, 'docs', 'benchmarks');
const [json, page] = [join(target, 'labels.json'), join(target, 'labels.md')];
await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
await writeFile(page, labelsPage(report));
await execa('prettier', ['--write', json, page], { cwd: packageRoot, preferLocal: true });

// oxlint-disable-next-line typescript/require-await
async function* readRows(): AsyncGenerator<LabelledRow> {
  for (const row of rows) {
    yield { ...row, origin: { file: 'rows.csv', line: Number(row.id) + 2 } };
  }
}

/** Confidence in the given label of each row, in the order of the rows. */
async function confidences(): Promise<number[]> {
  const sample = await sampleRows(readRows, { folds, max_rows: 200_000 }, seed);
  if (typeof sample === 'string') {
    throw new BadInput(sample, { where: values.data ?? '' });
  }
  const found = rows.map(() => Number.NaN);
  crossConfidence(sample.data, sample.order, (row, probabilities) => {
    found[row] = probabilities[sample.data.labels[row] ?? 0] ?? Number.NaN;
  });
  return found;
}

/** How well the rows that a tool lists, and its confidence in every label, find the wrong labels. */
function scores(
  found: readonly string[],
  confidence: readonly number[],
): Omit<LabelsReport['tools'][number], 'tool' | 'seconds'> {
  const hits = found.map((id) => wrong.has(id));
  const precisionAt = (count: number): number => hits.slice(0, count).filter(Boolean).length / count;
  const listed = hits.filter(Boolean).length;
  return {
    listed: found.length,
    precisionAt100: precisionAt(100),
    precisionAtWrong: precisionAt(wrong.size),
    precision: listed / found.length,
    recall: listed / wrong.size,
    auc: areaUnderCurve(confidence),
  };
}

/** Chance that a wrong label has less confidence than a right one (Mann–Whitney); ties count half. */
function areaUnderCurve(confidence: readonly number[]): number {
  const of = (isWrong: boolean): number[] =>
    confidence.filter((_, row) => rows[row]?.wrong === isWrong).toSorted((left, right) => left - right);
  const right = Float64Array.from(of(false));
  const wins = of(true).reduce((sum, value) => {
    const below = right.findIndex((other) => other >= value);
    const above = right.findIndex((other) => other > value);
    const [from, to] = [below === -1 ? right.length : below, above === -1 ? right.length : above];
    return sum + (right.length - to) + (to - from) / 2;
  }, 0);
  return wins / (right.length * wrong.size);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

async function cleanlab(): Promise<{ seconds: number; found: string[]; confidences: number[] }> {
  const peers = join(loadSettings().home, 'bench', 'labels-peers');
  const tools = join(packageRoot, '.contender', 'tools', 'bin');
  const python = join(peers, 'bin', 'python');
  const packages = Object.entries(versions).map(([name, version]) => `${name}==${version}`);
  await execa(join(tools, 'uv'), ['venv', '--quiet', '--clear', '--python', join(tools, 'python'), peers]);
  await execa(join(tools, 'uv'), ['pip', 'install', '--quiet', '--python', python, ...packages]);
  const folder = await mkdtemp(join(tmpdir(), 'contender-labels-'));
  try {
    const file = join(folder, 'rows.csv');
    const lines = rows.map((row) => [row.id, row.input, row.output].map(quoted).join(','));
    await writeFile(file, ['id,text,label', ...lines, ''].join('\n'));
    const { stdout } = await execa(python, [join(import.meta.dirname, 'labels_cleanlab.py'), file, String(folds)]);
    return z
      .object({ seconds: z.number(), found: z.array(z.string()), confidences: z.array(z.number()) })
      .parse(JSON.parse(stdout));
  } finally {
    await rm(folder, { recursive: true });
  }
}
