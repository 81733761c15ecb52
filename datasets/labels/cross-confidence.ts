// How likely each label is for each row, by a classifier that has not seen the row.
import { featureBits } from './label-features.ts';
import type { RowFeatures } from './row-features.ts';

/** Additive smoothing. Small, since the features are many: a hundredth did best on banking77 among 0.001 to 0.1. */
const smoothing = 0.01;
/** Length of a row's weights. Longer ones make surer probabilities: at 1.5 more of 3 % injected noise was found than at 1. */
const weightLength = 1.5;

export interface Labelled {
  readonly features: RowFeatures;
  /** Number of each row's label. */
  readonly labels: Uint16Array;
  /** Number of each row's fold. */
  readonly folds: Uint8Array;
  readonly labelCount: number;
  readonly foldCount: number;
  /** Features are numbered below this. */
  readonly featureCount: number;
}

/**
 * Calls `judge` for every row with the probabilities of all labels (an array that is used again): multinomial naive
 * Bayes on sublinear tf-idf weights of one length for all rows (Rennie et al. 2003, ICML), trained on the rows of the other folds.
 * Takes the rows in the order of `order`, so that sums of floating-point numbers depend on nothing else.
 * Memory: two tables of 4 bytes for each label and feature.
 */
export function crossConfidence(
  data: Labelled,
  order: Uint32Array,
  judge: (row: number, probabilities: Float64Array) => void,
): void {
  const { features, labels, folds, labelCount, foldCount, featureCount } = data;
  const weigh = createWeights(features, featureCount);
  const all = new Float32Array(featureCount * labelCount);
  const allRows = new Uint32Array(labelCount);
  const count = (row: number, sums: Float32Array, rows: Uint32Array): void => {
    const label = labels[row] ?? 0;
    const weights = weigh(row);
    const packed = features.of(row);
    for (let index = 0; index < packed.length; index += 1) {
      const cell = featureOf(packed[index] ?? 0) * labelCount + label;
      sums[cell] = (sums[cell] ?? 0) + (weights[index] ?? 0);
    }
    rows[label] = (rows[label] ?? 0) + 1;
  };
  for (const row of order) {
    count(row, all, allRows);
  }
  const table = new Float32Array(all.length);
  const scores = new Float64Array(labelCount);
  for (let fold = 0; fold < foldCount; fold += 1) {
    const rows = new Uint32Array(labelCount);
    table.fill(0);
    for (const row of order) {
      if (folds[row] === fold) {
        count(row, table, rows);
      }
    }
    const priors = fitOthers(all, table, allRows, rows, featureCount);
    for (const row of order) {
      if (folds[row] !== fold) {
        continue;
      }
      scores.set(priors);
      const weights = weigh(row);
      const packed = features.of(row);
      for (let index = 0; index < packed.length; index += 1) {
        const base = featureOf(packed[index] ?? 0) * labelCount;
        const weight = weights[index] ?? 0;
        for (let label = 0; label < labelCount; label += 1) {
          scores[label] = (scores[label] ?? 0) + weight * (table[base + label] ?? 0);
        }
      }
      softmax(scores);
      judge(row, scores);
    }
  }
}

/** Turns sums of one fold into log probabilities of features by all other folds, in place. Gives log priors of labels. */
function fitOthers(
  all: Float32Array,
  table: Float32Array,
  allRows: Uint32Array,
  foldRows: Uint32Array,
  featureCount: number,
): Float64Array {
  const labelCount = allRows.length;
  const sums = new Float64Array(labelCount);
  for (let cell = 0; cell < all.length; cell += 1) {
    // Differences of rounded sums may fall a little below zero.
    const rest = Math.max(0, (all[cell] ?? 0) - (table[cell] ?? 0));
    table[cell] = rest;
    sums[cell % labelCount] = (sums[cell % labelCount] ?? 0) + rest;
  }
  const totals = sums.map((sum) => Math.log(sum + smoothing * featureCount));
  for (let cell = 0; cell < all.length; cell += 1) {
    table[cell] = Math.log((table[cell] ?? 0) + smoothing) - (totals[cell % labelCount] ?? 0);
  }
  const trained = allRows.reduce((sum, rows) => sum + rows, 0) - foldRows.reduce((sum, rows) => sum + rows, 0);
  return Float64Array.from(allRows, (rows, label) =>
    Math.log((rows - (foldRows[label] ?? 0) + 1) / (trained + labelCount)),
  );
}

/** A function that gives a row's weights, in an array that is used again. */
function createWeights(features: RowFeatures, featureCount: number): (row: number) => Float64Array {
  const rowsWith = new Uint32Array(featureCount);
  for (let row = 0; row < features.rows; row += 1) {
    for (const packed of features.of(row)) {
      const feature = featureOf(packed);
      rowsWith[feature] = (rowsWith[feature] ?? 0) + 1;
    }
  }
  const rarity = Float64Array.from(rowsWith, (rows) => Math.log((1 + features.rows) / (1 + rows)) + 1);
  let weights = new Float64Array(1024);
  return (row) => {
    const packed = features.of(row);
    if (packed.length > weights.length) {
      weights = new Float64Array(packed.length * 2);
    }
    let squares = 0;
    for (let index = 0; index < packed.length; index += 1) {
      const value = packed[index] ?? 0;
      const weight = (1 + Math.log(value >>> featureBits)) * (rarity[featureOf(value)] ?? 0);
      weights[index] = weight;
      squares += weight * weight;
    }
    const length = Math.sqrt(squares) / weightLength;
    for (let index = 0; index < packed.length; index += 1) {
      weights[index] = (weights[index] ?? 0) / length;
    }
    return weights;
  };
}

function featureOf(packed: number): number {
  return packed & (2 ** featureBits - 1);
}

function softmax(scores: Float64Array): void {
  let highest = Number.NEGATIVE_INFINITY;
  for (const score of scores) {
    highest = Math.max(highest, score);
  }
  let sum = 0;
  for (let label = 0; label < scores.length; label += 1) {
    const power = Math.exp((scores[label] ?? 0) - highest);
    scores[label] = power;
    sum += power;
  }
  for (let label = 0; label < scores.length; label += 1) {
    scores[label] = (scores[label] ?? 0) / sum;
  }
}
