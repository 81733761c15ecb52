// Seeded bootstrap interval (BCa) of any statistic of rows, cluster-aware.
import { bcaInterval, type PercentileInterval } from './bca.ts';
import { resample, type ResamplePlan, type Statistic } from './resample.ts';

/** A bootstrap interval and how it was made. */
export interface BootstrapInterval extends PercentileInterval {
  readonly value: number;
  /** Number of units that were drawn: clusters, or rows. */
  readonly units: number;
}

/**
 * Resamples and takes the BCa interval. For a paired comparison the statistic is the difference of a metric on the same
 * rows.
 */
export function bootstrapInterval(
  plan: ResamplePlan & { readonly confidence: number },
  statistic: Statistic,
): BootstrapInterval {
  const resampled = resample(plan, statistic);
  return {
    value: resampled.value,
    ...bcaInterval(resampled, plan.confidence),
    units: resampled.sizes.length,
  };
}

/** The mean of values on chosen rows, as a statistic to resample. */
export function meanOf(values: Float64Array): Statistic {
  return (rows) => {
    let sum = 0;
    for (let position = 0; position < rows.length; position += 1) {
      sum += values[rows[position] ?? 0] ?? Number.NaN;
    }
    return sum / rows.length;
  };
}
