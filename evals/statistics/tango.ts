// Tango's score test and interval for the difference of two paired proportions.
import { crossing } from './crossing.ts';
import { criticalZ, normalCdf } from './distributions.ts';

/** Counts of paired binary outcomes. */
export interface PairedCounts {
  /** Pairs that only the candidate has right. */
  readonly wins: number;
  /** Pairs that only the other arm has right. */
  readonly losses: number;
  /** All pairs, concordant ones included. */
  readonly n: number;
}

/**
 * Score statistic of the hypothesis that the difference of proportions (candidate minus other) is `delta`
 * (Tango 1998, Statistics in Medicine 17:891-908). Positive when the observed difference is above `delta`.
 *
 * @param delta difference under the hypothesis, from -1 to 1
 */
export function tangoZ({ wins, losses, n }: PairedCounts, delta: number): number {
  requireCounts({ wins, losses, n });
  const a = 2 * n;
  const b = -wins - losses + (2 * n - wins + losses) * delta;
  const c = -losses * delta * (1 - delta);
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
  // Both are the larger root of a q² + b q + c; each keeps its digits where the other cancels.
  const lossProbability = b > 0 ? (-2 * c) / (root + b) : (root - b) / (2 * a);
  const variance = n * (2 * lossProbability + delta * (1 - delta));
  const excess = wins - losses - n * delta;
  if (variance <= 0) {
    return excess === 0 ? 0 : Math.sign(excess) * Number.POSITIVE_INFINITY;
  }
  return excess / Math.sqrt(variance);
}

/** Two-sided score interval of the difference (candidate minus other): every `delta` that the test accepts. */
export function tangoInterval(counts: PairedCounts, confidence: number): { low: number; high: number } {
  requireCounts(counts);
  const z = criticalZ(confidence);
  const difference = (counts.wins - counts.losses) / counts.n;
  const statistic = (delta: number): number => tangoZ(counts, delta);
  return {
    low: difference === -1 ? -1 : crossing(statistic, z, -1, difference),
    high: difference === 1 ? 1 : crossing(statistic, -z, difference, 1),
  };
}

/** Score test of non-inferiority: `p` is the one-sided p value of "the difference is -margin or less". */
export function tangoNonInferiority(counts: PairedCounts, margin: number): { z: number; p: number } {
  const z = tangoZ(counts, -margin);
  return { z, p: 1 - normalCdf(z) };
}

function requireCounts({ wins, losses, n }: PairedCounts): void {
  const whole = [wins, losses, n].every((count) => Number.isSafeInteger(count) && count >= 0);
  if (!whole || n === 0 || wins + losses > n) {
    throw new RangeError(`impossible paired counts: ${wins} wins and ${losses} losses of ${n}`);
  }
}
