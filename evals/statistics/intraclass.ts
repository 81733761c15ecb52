// How alike the rows of a cluster are, and how many more rows that costs.
import type { ClusterTotals } from './cluster-totals.ts';

/** Components of variance of rows in clusters. */
export interface VarianceComponents {
  readonly within: number;
  /** Between clusters; 0 where the estimate is negative. */
  readonly between: number;
  /** Intraclass correlation, between / (between + within); 0 when the values do not vary. */
  readonly icc: number;
}

/**
 * One-way analysis of variance with unequal cluster sizes (Donner 1986, International Statistical Review 54:67-82).
 * Where no cluster has two rows, all variance is counted as within.
 */
export function varianceComponents({ sums, sizes, rows, mean, squares }: ClusterTotals): VarianceComponents {
  let between = 0;
  let squaredSizes = 0;
  for (let cluster = 0; cluster < sums.length; cluster += 1) {
    const size = sizes[cluster] ?? 0;
    between += ((sums[cluster] ?? 0) - mean * size) ** 2 / size;
    squaredSizes += size * size;
  }
  const all = Math.max(0, squares - rows * mean * mean);
  if (rows === sums.length || sums.length < 2) {
    return { within: all / Math.max(1, rows - 1), between: 0, icc: 0 };
  }
  const meanSquareBetween = between / (sums.length - 1);
  const within = Math.max(0, all - between) / (rows - sums.length);
  const typicalSize = (rows - squaredSizes / rows) / (sums.length - 1);
  const component = Math.max(0, (meanSquareBetween - within) / typicalSize);
  return { within, between: component, icc: component === 0 ? 0 : component / (component + within) };
}

/**
 * Factor by which clustering multiplies the variance of a mean, and so the rows that are needed: 1 + (m̄ - 1) · ICC
 * (Kish 1965), with m̄ = Σ m² / Σ m where cluster sizes differ.
 */
export function designEffect(sizes: ArrayLike<number>, icc: number): number {
  let [rows, squares] = [0, 0];
  for (let cluster = 0; cluster < sizes.length; cluster += 1) {
    const size = sizes[cluster] ?? 0;
    rows += size;
    squares += size * size;
  }
  return 1 + (squares / rows - 1) * icc;
}
