// Rows whose label is probably wrong, for people to look at.
import { hash } from 'node:crypto';
import type { LabelErrorsRecipe } from '../../domain/recipe-dataset.ts';
import { inputKey } from '../curated-row.ts';
import { crossConfidence } from './cross-confidence.ts';
import { LabelFeatures } from './label-features.ts';
import { RowFeatures } from './row-features.ts';

/** Beyond, answers are texts rather than labels. */
export const mostLabels = 1000;
/** Labels of fewer rows cannot be learnt, so their rows are not judged. */
const fewestRows = 5;
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

export interface LabelError {
  readonly id: string;
  readonly given: string;
  readonly suggested: string;
  /** Probability of the given label by rows of other folds, 0 to 1. */
  readonly confidenceGiven: number;
  readonly confidenceSuggested: number;
  readonly origin: { readonly file: string; readonly line: number };
}

export type LabelErrors =
  | {
      readonly kind: 'looked';
      /** Rows that were looked at: all, or a seeded sample of `max_rows` or what fits into memory. */
      readonly looked: number;
      /** Rows looked at that have a label of fewer than five rows, which cannot be judged. */
      readonly notJudged: number;
      /** The likely errors, the least confident label first. */
      readonly found: readonly LabelError[];
    }
  | { readonly kind: 'skipped'; readonly why: string };

/**
 * Likely label errors by confident learning (Northcutt, Jiang and Chuang 2021, JAIR 70): a row is listed if another
 * label is at least as probable as it is on average for the rows that have it. Probabilities are cross-validated; copies
 * of one input are in one fold. Reads the rows several times; the result depends on them and the seed, not their order.
 */
export async function findLabelErrors(
  rows: () => AsyncIterable<LabelledRow>,
  settings: LabelErrorsRecipe,
  seed: number,
): Promise<LabelErrors> {
  const survey = await surveyRows(rows(), seed);
  if (survey === undefined || survey.labels.length < 2) {
    return {
      kind: 'skipped',
      why: survey === undefined ? `there are more than ${mostLabels} labels` : 'there are fewer than two labels',
    };
  }
  const { labels, places } = survey;
  const featureCount = Math.min(mostFeatures, 2 ** Math.floor(Math.log2(mostCells / labels.length)));
  let limit = places[settings.max_rows] ?? 2 ** 32;
  for (;;) {
    const sample = await readSample(rows(), { limit, labels, featureCount, seed, folds: settings.folds });
    if (sample !== undefined) {
      return judge(sample, labels, featureCount, settings.folds);
    }
    limit = Math.floor(Math.min(limit, 2 ** 32) / 2);
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

interface Sampled {
  readonly id: string;
  readonly origin: LabelledRow['origin'];
  readonly label: number;
  readonly fold: number;
}

interface Sample {
  readonly rows: readonly Sampled[];
  readonly features: RowFeatures;
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
): Promise<Sample | undefined> {
  const numbers = new Map(plan.labels.map((label, index) => [label, index]));
  const featuresOf = new LabelFeatures(plan.featureCount);
  const features = new RowFeatures();
  const sampled: Sampled[] = [];
  for await (const { id, input, output, origin } of rows) {
    if (placeOf(plan.seed, 'row', id) >= plan.limit) {
      continue;
    }
    features.add(featuresOf.of(input));
    if (features.total > featureBudget) {
      return undefined;
    }
    const fold = placeOf(plan.seed, 'fold', inputKey(input)) % plan.folds;
    sampled.push({ id, origin, label: numbers.get(output) ?? 0, fold });
  }
  return { rows: sampled, features };
}

function judge(sample: Sample, labels: readonly string[], featureCount: number, foldCount: number): LabelErrors {
  const { rows, features } = sample;
  const order = Uint32Array.from(rows.keys()).toSorted((left, right) =>
    compare(rows[left]?.id ?? '', rows[right]?.id ?? ''),
  );
  const given = Uint16Array.from(rows, ({ label }) => label);
  const data = {
    features,
    labels: given,
    folds: Uint8Array.from(rows, ({ fold }) => fold),
    labelCount: labels.length,
    foldCount,
    featureCount,
  };
  const counts = new Uint32Array(labels.length);
  const sums = new Float64Array(labels.length);
  for (const label of given) {
    counts[label] = (counts[label] ?? 0) + 1;
  }
  crossConfidence(data, order, (row, probabilities) => {
    const label = given[row] ?? 0;
    sums[label] = (sums[label] ?? 0) + (probabilities[label] ?? 0);
  });
  // A label that is hardly there has no average to be measured by.
  const usual = sums.map((sum, label) => ((counts[label] ?? 0) < fewestRows ? 2 : sum / (counts[label] ?? 1)));
  const found: LabelError[] = [];
  crossConfidence(data, order, (row, probabilities) => {
    const label = given[row] ?? 0;
    const suggested = mostProbable(probabilities, usual);
    const source = rows[row];
    if (suggested === -1 || suggested === label || (counts[label] ?? 0) < fewestRows || source === undefined) {
      return;
    }
    found.push({
      id: source.id,
      given: labels[label] ?? '',
      suggested: labels[suggested] ?? '',
      confidenceGiven: probabilities[label] ?? 0,
      confidenceSuggested: probabilities[suggested] ?? 0,
      origin: source.origin,
    });
  });
  return {
    kind: 'looked',
    looked: rows.length,
    notJudged: given.reduce((sum, label) => sum + ((counts[label] ?? 0) < fewestRows ? 1 : 0), 0),
    found: found.toSorted((left, right) => left.confidenceGiven - right.confidenceGiven || compare(left.id, right.id)),
  };
}

/** The most probable of the labels that are at least as probable as usual; -1 if none is. */
function mostProbable(probabilities: Float64Array, usual: Float64Array): number {
  let best = -1;
  for (let label = 0; label < probabilities.length; label += 1) {
    const probability = probabilities[label] ?? 0;
    if (probability >= (usual[label] ?? 0) && (best === -1 || probability > (probabilities[best] ?? 0))) {
      best = label;
    }
  }
  return best;
}

function placeOf(seed: number, kind: string, name: string): number {
  return hash('sha256', `${seed}\nlabel-errors\n${kind}\n${name}`, 'buffer').readUInt32LE();
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
