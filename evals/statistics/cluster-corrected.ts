// Cluster-robust standard error of a mean with corrections for few clusters and for clusters of unequal size.
import type { ClusterTotals } from './cluster-totals.ts';
import { varianceComponents } from './intraclass.ts';

/** A standard error with the degrees of freedom of its t distribution. */
export interface CorrectedError {
  readonly standardError: number;
  /** Satterthwaite's; not whole, at least 1. */
  readonly degreesOfFreedom: number;
}

/**
 * Bias-reduced (CR2) standard error of a mean over rows, with degrees of freedom from a random-effects model (Bell and
 * McCaffrey 2002, Survey Methodology 28:169-181; Imbens and Kolesár 2016, doi:10.1162/REST_a_00552). With clusters of
 * equal size these are the CR1 error and G - 1. Throws when there are fewer than two clusters.
 */
export function correctedError(totals: ClusterTotals): CorrectedError {
  const { sums, sizes, rows, mean } = totals;
  if (sums.length < 2) {
    throw new RangeError('a cluster-robust error needs at least two clusters');
  }
  const { within, between } = varianceComponents(totals);
  const spread = within + between > 0 ? { within, between } : { within: 1, between: 0 };
  const variances = sizes.map((size) => size * spread.within + size * size * spread.between);
  const all = variances.reduce((sum, variance) => sum + variance, 0);
  // Trace and squared norm of the matrix of Imbens and Kolesár's equation for an intercept alone, in linear time.
  let [trace, diagonal, squares] = [0, 0, 0];
  let [shares, shareVariances, squaredVariances] = [0, 0, 0];
  for (let cluster = 0; cluster < sizes.length; cluster += 1) {
    const size = sizes[cluster] ?? 0;
    const variance = variances[cluster] ?? 0;
    const share = size / rows;
    const factor = 1 / (1 - share);
    const shared = share * share * all - 2 * share * variance;
    const own = factor * (variance + shared);
    trace += own;
    diagonal += own * own - (factor * shared) ** 2;
    shares += factor * share * share;
    shareVariances += factor * share * variance;
    squaredVariances += factor * variance * variance;
    squares += factor * ((sums[cluster] ?? 0) - mean * size) ** 2;
  }
  const norm =
    diagonal +
    (shares * all) ** 2 +
    2 * shares * squaredVariances -
    4 * all * shareVariances * shares +
    2 * shareVariances * shareVariances;
  return { standardError: Math.sqrt(squares) / rows, degreesOfFreedom: Math.max(1, (trace * trace) / norm) };
}

/**
 * Degrees of freedom of a spread estimated from clusters of which some stand out: 2G / (κ - 1), κ being the kurtosis of
 * the clusters' sums of deviations (after Box 1953, Biometrika 40:318-335; G for normal ones). A few large sums say less
 * about the spread than their number suggests. Infinite where all deviations are 0 or of one size.
 */
export function kurtosisFreedom({ sums, sizes, mean }: ClusterTotals): number {
  let [squares, fourths] = [0, 0];
  for (let cluster = 0; cluster < sums.length; cluster += 1) {
    const square = ((sums[cluster] ?? 0) - mean * (sizes[cluster] ?? 0)) ** 2;
    squares += square;
    fourths += square * square;
  }
  const kurtosis = squares === 0 ? 1 : (sums.length * fourths) / (squares * squares);
  return kurtosis <= 1 ? Number.POSITIVE_INFINITY : (2 * sums.length) / (kurtosis - 1);
}
