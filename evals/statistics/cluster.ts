// Cluster-robust interval of a mean: rows of one document, patient or category are no independent evidence.
import { tCdf, tQuantile } from './distributions.ts';

/** Mean of per-row values with an interval that allows for correlation within clusters. */
export interface ClusterInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Cluster-robust standard error (CR1). */
  readonly standardError: number;
  /** Two-sided p value of a mean of 0; 1 when all values are 0. */
  readonly p: number;
  readonly clusters: number;
  /** True below 10 clusters: the interval may then be too narrow, and a reader must be told. */
  readonly fewClusters: boolean;
}

/**
 * Linearised (sandwich) variance with the small-sample factor G/(G-1) and Student's t with G-1 degrees of
 * freedom (Liang and Zeger 1986, doi:10.1093/biomet/73.1.13; Cameron and Miller 2015, doi:10.3368/jhr.50.2.317).
 * Throws when there are fewer than two clusters: nothing can then be said about a further one.
 *
 * @param values one value a row
 * @param clusters the cluster of each row, in the same order
 */
export function clusterInterval(
  values: readonly number[],
  clusters: readonly string[],
  confidence: number,
): ClusterInterval {
  if (values.length !== clusters.length) {
    throw new RangeError(`${values.length} values with ${clusters.length} cluster names`);
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (!Number.isFinite(mean)) {
    throw new RangeError('values must be finite, and at least one');
  }
  const residuals = new Map<string, number>();
  clusters.forEach((cluster, row) => {
    residuals.set(cluster, (residuals.get(cluster) ?? 0) + (values[row] ?? Number.NaN) - mean);
  });
  const count = residuals.size;
  if (count < 2) {
    throw new RangeError('a cluster-robust interval needs at least two clusters');
  }
  const squares = [...residuals.values()].reduce((sum, residual) => sum + residual * residual, 0);
  const standardError = (Math.sqrt(squares) / values.length) * Math.sqrt(count / (count - 1));
  const half = tQuantile(1 - (1 - confidence) / 2, count - 1) * standardError;
  return {
    mean,
    low: mean - half,
    high: mean + half,
    standardError,
    p: pValue(mean, standardError, count - 1),
    clusters: count,
    fewClusters: count < 10,
  };
}

function pValue(mean: number, standardError: number, degreesOfFreedom: number): number {
  if (standardError === 0) {
    return mean === 0 ? 1 : 0;
  }
  return 2 * tCdf(-Math.abs(mean / standardError), degreesOfFreedom);
}
