// Reads labelled rows as features: all of them, or a seeded sample that fits into memory.
import { hash } from 'node:crypto';
import type { LabelErrorsRecipe } from '../../domain/recipe-dataset.ts';
import { inputKey } from '../comparable-text.ts';
import type { Labelled } from './cross-confidence.ts';
import { LabelFeatures } from './label-features.ts';
import { RowFeatures } from './row-features.ts';

/** Beyond, answers are texts rather than labels. */
const mostLabels = 1000;
// The tables of naive Bayes have 4 bytes for each label and feature: 64 MiB at most, twice.
const mostCells = 2 ** 24;
const mostFeatures = 2 ** 17;
// Features of all rows together, 4 bytes each.
const featureBudget = 2 ** 25;

export interface LabelledRow {
  readonly id: string;
  readonly input: string;
  readonly output: string;
  readonly origin: { readonly file: string; readonly line: number };
}

/** Rows that were looked at, numbered in the order in which they were read. */
export interface LabelSample {
  readonly rows: readonly Pick<LabelledRow, 'id' | 'origin'>[];
  /** Sorted. */
  readonly labels: readonly string[];
  /** Numbers of the rows, by id: an order that does not depend on the one in which they were read. */
  readonly order: Uint32Array;
  readonly data: Labelled;
}

/**
 * Reads the rows twice, or more often when their features do not fit into memory: then half as many are drawn. The
 * sample depends on ids and seed. Gives the reason when there is nothing to compare: fewer than two labels, or over 1000.
 */
export async function sampleRows(
  rows: () => AsyncIterable<LabelledRow>,
  settings: LabelErrorsRecipe,
  seed: number,
): Promise<LabelSample | string> {
  const survey = await surveyRows(rows(), seed);
  if (survey === undefined) {
    return `there are more than ${mostLabels} labels`;
  }
  const { labels, places } = survey;
  if (labels.length < 2) {
    return 'there are fewer than two labels';
  }
  const featureCount = Math.min(mostFeatures, 2 ** Math.floor(Math.log2(mostCells / labels.length)));
  let limit = places[settings.max_rows] ?? 2 ** 32;
  for (;;) {
    const sample = await readSample(rows(), { limit, labels, featureCount, seed, folds: settings.folds });
    if (sample !== undefined) {
      return sample;
    }
    limit = Math.floor(limit / 2);
  }
}

interface Survey {
  /** Sorted. */
  readonly labels: readonly string[];
  /** Places of all rows in seeded order, ascending. */
  readonly places: Uint32Array;
}

async function surveyRows(rows: AsyncIterable<LabelledRow>, seed: number): Promise<Survey | undefined> {
  const labels = new Set<string>();
  let places = new Uint32Array(1024);
  let count = 0;
  for await (const { id, output } of rows) {
    labels.add(output);
    if (labels.size > mostLabels) {
      return undefined;
    }
    if (count === places.length) {
      const larger = new Uint32Array(count * 2);
      larger.set(places);
      places = larger;
    }
    places[count] = placeOf(seed, 'row', id);
    count += 1;
  }
  return { labels: [...labels].toSorted(compare), places: places.subarray(0, count).toSorted() };
}

/** Rows whose place is below the limit; undefined when their features do not fit into memory. */
async function readSample(
  rows: AsyncIterable<LabelledRow>,
  plan: {
    readonly limit: number;
    readonly labels: readonly string[];
    readonly featureCount: number;
    readonly seed: number;
    readonly folds: number;
  },
): Promise<LabelSample | undefined> {
  const numbers = new Map(plan.labels.map((label, index) => [label, index]));
  const featuresOf = new LabelFeatures(plan.featureCount);
  const features = new RowFeatures();
  const sampled: LabelSample['rows'][number][] = [];
  const given: number[] = [];
  const folds: number[] = [];
  for await (const { id, input, output, origin } of rows) {
    if (placeOf(plan.seed, 'row', id) >= plan.limit) {
      continue;
    }
    features.add(featuresOf.of(input));
    if (features.total > featureBudget) {
      return undefined;
    }
    sampled.push({ id, origin });
    given.push(numbers.get(output) ?? 0);
    folds.push(placeOf(plan.seed, 'fold', inputKey(input)) % plan.folds);
  }
  return {
    rows: sampled,
    labels: plan.labels,
    order: Uint32Array.from(sampled.keys()).toSorted((left, right) =>
      compare(sampled[left]?.id ?? '', sampled[right]?.id ?? ''),
    ),
    data: {
      features,
      labels: Uint16Array.from(given),
      folds: Uint8Array.from(folds),
      labelCount: plan.labels.length,
      foldCount: plan.folds,
      featureCount: plan.featureCount,
    },
  };
}

function placeOf(seed: number, kind: string, name: string): number {
  return hash('sha256', `${seed}\nlabel-errors\n${kind}\n${name}`, 'buffer').readUInt32LE();
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
