// Rows whose label is probably wrong, for people to look at.
import type { LabelErrorsRecipe } from '../../domain/recipe-dataset.ts';
import { crossConfidence } from './cross-confidence.ts';
import { sampleRows, type LabelledRow, type LabelSample } from './sample-rows.ts';

/** Labels of fewer rows cannot be learnt, so their rows are not judged. */
const fewestRows = 5;

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
  const sample = await sampleRows(rows, settings, seed);
  return typeof sample === 'string' ? { kind: 'skipped', why: sample } : judge(sample);
}

function judge({ rows, labels, order, data }: LabelSample): LabelErrors {
  const given = data.labels;
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

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
