// Jackknife t interval of a statistic, from the values it takes without each unit.
import { tCdf, tQuantile } from './distributions.ts';
import type { Resampled } from './resample.ts';

/** A jackknife standard error with its degrees of freedom; null when there are too few units for one. */
export interface JackknifeError {
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/**
 * Tukey 1958; over clusters that is the CR3 error (Cameron and Miller 2015, section VI.B, doi:10.3368/jhr.50.2.317). The
 * degrees of freedom are one less than the effective number of units, (Σ m)² / Σ m² (Kish 1965): clusters of unequal
 * size are worth fewer.
 */
export function jackknifeError({ jackknife, sizes }: Resampled): JackknifeError | null {
  const count = jackknife.length;
  if (count < 3) {
    return null;
  }
  const mean = jackknife.reduce((sum, value) => sum + value, 0) / count;
  const squares = jackknife.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const effective = (rows * rows) / sizes.reduce((sum, size) => sum + size * size, 0);
  return {
    standardError: Math.sqrt(((count - 1) / count) * squares),
    degreesOfFreedom: Math.max(1, Math.min(effective, count) - 1),
  };
}

/** Interval of the value, symmetric by construction. */
export function jackknifeInterval(
  value: number,
  { standardError, degreesOfFreedom }: JackknifeError,
  confidence: number,
): { low: number; high: number } {
  const half = standardError * tQuantile(1 - (1 - confidence) / 2, degreesOfFreedom);
  return { low: value - half, high: value + half };
}

/** One-sided p value of "the true value is `bound` or less". */
export function jackknifePAbove(
  value: number,
  { standardError, degreesOfFreedom }: JackknifeError,
  bound: number,
): number {
  return value === bound ? 0.5 : tCdf((bound - value) / standardError, degreesOfFreedom);
}
