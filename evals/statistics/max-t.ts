// Several candidates against one baseline: the largest of their t statistics, resampled jointly.
import { clusterTotals } from './cluster-totals.ts';
import { createWords } from './random.ts';
import { quantile } from './resample.ts';

/** What is compared, and how. */
export interface MaxTPlan {
  /** Differences to the same baseline on the same rows: one array a candidate. */
  readonly differences: readonly ArrayLike<number>[];
  /** The cluster of each row; each row stands for itself when absent. */
  readonly clusters?: readonly string[] | undefined;
  /** The mean under the hypothesis: minus the margin for non-inferiority. */
  readonly mean: number;
  /** One-sided chance of any false claim. */
  readonly alpha: number;
  readonly seed: number;
  readonly resamples: number;
}

export interface MaxT {
  /** t statistic of each candidate, (mean - hypothesised mean) / CR1 error. */
  readonly statistics: readonly number[];
  /** One-sided p value of each candidate, adjusted for all of them. */
  readonly adjusted: readonly number[];
  /** A statistic above this is a claim. */
  readonly critical: number;
}

/**
 * Single-step max-T (Westfall and Young 1993, section 2.3; White 2000, doi:10.1111/1468-0262.00152). Candidates that
 * share a baseline are correlated; drawing the same rows for all keeps that, and costs less power than Holm.
 */
export function maxT({ differences, clusters, mean, alpha, seed, resamples }: MaxTPlan): MaxT {
  const rows = differences[0]?.length ?? 0;
  const names = clusters ?? Array.from({ length: rows }, (_, row) => String(row));
  const totals = differences.map((values) => clusterTotals(values, names));
  const [first] = totals;
  if (first === undefined || first.sums.length < 2) {
    throw new RangeError('max-T needs a candidate, and at least two units');
  }
  const count = first.sums.length;
  const all = Int32Array.from(first.sums, (_, unit) => unit);
  const statistics = totals.map(({ sums, sizes }) => tOf(sums, sizes, all, mean));
  const fill = createWords(seed);
  const words = new Uint32Array(count);
  const drawn = new Int32Array(count);
  const largest = new Float64Array(resamples);
  for (let sample = 0; sample < resamples; sample += 1) {
    fill(words);
    for (let draw = 0; draw < count; draw += 1) {
      drawn[draw] = ((words[draw] ?? 0) * count) / 2 ** 32;
    }
    let most = Number.NEGATIVE_INFINITY;
    for (const { sums, sizes, mean: centre } of totals) {
      most = Math.max(most, tOf(sums, sizes, drawn, centre));
    }
    largest[sample] = most;
  }
  const sorted = largest.toSorted();
  const hits = (statistic: number): number => largest.reduce((sum, most) => sum + (most >= statistic ? 1 : 0), 0);
  return {
    statistics,
    adjusted: statistics.map((statistic) => (1 + hits(statistic)) / (1 + resamples)),
    critical: quantile(sorted, 1 - alpha),
  };
}

/** t statistic of the mean over rows of the chosen units; 0 where it is the hypothesised one, bounded without spread. */
function tOf(sums: Float64Array, sizes: Float64Array, chosen: Int32Array, hypothesised: number): number {
  let [sum, rows] = [0, 0];
  for (let index = 0; index < chosen.length; index += 1) {
    sum += sums[chosen[index] ?? 0] ?? 0;
    rows += sizes[chosen[index] ?? 0] ?? 0;
  }
  const mean = sum / rows;
  let squares = 0;
  for (let index = 0; index < chosen.length; index += 1) {
    const unit = chosen[index] ?? 0;
    squares += ((sums[unit] ?? 0) - mean * (sizes[unit] ?? 0)) ** 2;
  }
  const error = (Math.sqrt(squares) / rows) * Math.sqrt(chosen.length / (chosen.length - 1));
  return mean === hypothesised ? 0 : Math.max(-1e9, Math.min(1e9, (mean - hypothesised) / error));
}
