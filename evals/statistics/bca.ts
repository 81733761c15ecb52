// Bias-corrected and accelerated bootstrap: interval and one-sided p value.
import { normalCdf, normalQuantile } from './distributions.ts';
import { quantile, type Resampled } from './resample.ts';

/** An interval from resamples. */
export interface PercentileInterval {
  readonly low: number;
  readonly high: number;
  /** `percentile` where BCa is not defined, for example when all resamples agree. */
  readonly method: 'BCa' | 'percentile';
}

/** Efron 1987, doi:10.1080/01621459.1987.10478410; Davison and Hinkley 1997, section 5.3.2. */
export function bcaInterval(resampled: Resampled, confidence: number): PercentileInterval {
  const alpha = (1 - confidence) / 2;
  const correction = correctionOf(resampled);
  if (correction === null) {
    return { ...percentileInterval(resampled, confidence), method: 'percentile' };
  }
  const { bias, acceleration } = correction;
  const adjust = (p: number): number => {
    const shifted = bias + normalQuantile(p);
    return normalCdf(bias + shifted / (1 - acceleration * shifted));
  };
  return {
    low: quantile(resampled.replicates, adjust(alpha)),
    high: quantile(resampled.replicates, adjust(1 - alpha)),
    method: 'BCa',
  };
}

/** The plain percentile interval (Efron 1979). */
export function percentileInterval({ replicates }: Resampled, confidence: number): { low: number; high: number } {
  const alpha = (1 - confidence) / 2;
  return { low: quantile(replicates, alpha), high: quantile(replicates, 1 - alpha) };
}

/**
 * One-sided p value of "the true value is `bound` or less": the level at which the lower BCa end reaches the bound. At
 * least 1 / (resamples + 1), which is as far as resamples can tell.
 */
export function bcaPAbove(resampled: Resampled, bound: number): number {
  const { replicates } = resampled;
  const share = (shareBelow(replicates, bound) * replicates.length + 1) / (replicates.length + 2);
  const correction = correctionOf(resampled);
  if (correction === null) {
    return Math.max(share, 1 / (replicates.length + 1));
  }
  const { bias, acceleration } = correction;
  const shifted = normalQuantile(share) - bias;
  return Math.max(normalCdf(shifted / (1 + acceleration * shifted) - bias), 1 / (replicates.length + 1));
}

/** Null when bias or acceleration is not defined. */
function correctionOf({
  replicates,
  value,
  jackknife,
}: Resampled): { readonly bias: number; readonly acceleration: number } | null {
  const share = shareBelow(replicates, value);
  if (replicates[0] === replicates.at(-1) || share <= 0 || share >= 1) {
    return null;
  }
  const acceleration = skewness(jackknife) / 6;
  return Number.isFinite(acceleration) ? { bias: normalQuantile(share), acceleration } : null;
}

/** Ties count half: metrics of few rows take few values. */
function shareBelow(replicates: Float64Array, value: number): number {
  let below = 0;
  for (let index = 0; index < replicates.length; index += 1) {
    const replicate = replicates[index] ?? Number.NaN;
    below += replicate < value ? 1 : replicate === value ? 0.5 : 0;
  }
  return below / replicates.length;
}

/** Sum of cubed shortfalls over the 3/2 power of the sum of squares; NaN when all values agree. */
function skewness(values: Float64Array): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const squares = values.reduce((sum, x) => sum + (mean - x) ** 2, 0);
  const cubes = values.reduce((sum, x) => sum + (mean - x) ** 3, 0);
  return cubes / squares ** 1.5;
}
