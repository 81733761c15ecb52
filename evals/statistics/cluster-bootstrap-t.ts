// Cluster bootstrap-t interval of a mean: whole clusters are drawn, and the t statistic is resampled.
import { clusterTotals, type ClusterTotals } from './cluster-totals.ts';
import { createWords } from './random.ts';
import { quantile } from './resample.ts';

/** Stands for the statistic of a resample without spread, which has no end. */
const endless = 1e9;

/**
 * Efron 1981; over clusters Cameron, Gelbach and Miller 2008 (doi:10.1162/rest.90.3.414). Right to a higher order than
 * the percentile interval, and wide where clusters are few. Throws below three clusters.
 */
export function clusterBootstrapT(
  values: ArrayLike<number>,
  clusters: readonly string[],
  plan: { readonly confidence: number; readonly seed: number; readonly resamples: number },
): { mean: number; low: number; high: number; clusters: number } {
  const totals = clusterTotals(values, clusters);
  const count = totals.sums.length;
  if (count < 3) {
    throw new RangeError('a cluster bootstrap-t needs at least three clusters');
  }
  const fill = createWords(plan.seed);
  const words = new Uint32Array(count);
  const statistics = new Float64Array(plan.resamples);
  const everyCluster = Int32Array.from(totals.sums, (_, cluster) => cluster);
  const { standardError } = estimate(totals, everyCluster);
  const drawn = new Int32Array(count);
  for (let sample = 0; sample < plan.resamples; sample += 1) {
    fill(words);
    for (let draw = 0; draw < count; draw += 1) {
      drawn[draw] = ((words[draw] ?? 0) * count) / 2 ** 32;
    }
    const again = estimate(totals, drawn);
    const shift = again.mean - totals.mean;
    const statistic = shift === 0 ? 0 : shift / again.standardError;
    statistics[sample] = Math.min(endless, Math.max(-endless, statistic));
  }
  const sorted = statistics.toSorted();
  const alpha = (1 - plan.confidence) / 2;
  return {
    mean: totals.mean,
    low: totals.mean - quantile(sorted, 1 - alpha) * standardError,
    high: totals.mean - quantile(sorted, alpha) * standardError,
    clusters: count,
  };
}

/** Mean over rows of the chosen clusters with its CR1 standard error. */
function estimate({ sums, sizes }: ClusterTotals, chosen: Int32Array): { mean: number; standardError: number } {
  let [sum, rows] = [0, 0];
  for (let index = 0; index < chosen.length; index += 1) {
    sum += sums[chosen[index] ?? 0] ?? 0;
    rows += sizes[chosen[index] ?? 0] ?? 0;
  }
  const mean = sum / rows;
  let squares = 0;
  for (let index = 0; index < chosen.length; index += 1) {
    const cluster = chosen[index] ?? 0;
    squares += ((sums[cluster] ?? 0) - mean * (sizes[cluster] ?? 0)) ** 2;
  }
  return { mean, standardError: (Math.sqrt(squares) / rows) * Math.sqrt(chosen.length / (chosen.length - 1)) };
}
