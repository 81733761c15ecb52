// Student's t interval and test of the mean of paired differences.
import { tCdf, tQuantile } from './distributions.ts';

/** Mean of paired differences with its t interval. */
export interface PairedT {
  readonly mean: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** Two-sided p value of a mean of 0; 1 when all differences are 0. */
  readonly p: number;
  readonly low: number;
  readonly high: number;
}

/** Student 1908, Biometrika 6:1-25. Throws when there are fewer than two differences or one is not finite. */
export function pairedT(differences: ArrayLike<number>, confidence: number): PairedT {
  const n = differences.length;
  let sum = 0;
  for (let row = 0; row < n; row += 1) {
    sum += differences[row] ?? Number.NaN;
  }
  const mean = sum / n;
  if (n < 2 || !Number.isFinite(mean)) {
    throw new RangeError('a t interval needs at least two differences, all of them finite');
  }
  let squares = 0;
  for (let row = 0; row < n; row += 1) {
    squares += ((differences[row] ?? 0) - mean) ** 2;
  }
  const standardError = Math.sqrt(squares / (n - 1) / n);
  const half = tQuantile(1 - (1 - confidence) / 2, n - 1) * standardError;
  return {
    mean,
    standardError,
    degreesOfFreedom: n - 1,
    p: mean === 0 ? 1 : 2 * tCdf(-Math.abs(mean / standardError), n - 1),
    low: mean - half,
    high: mean + half,
  };
}
