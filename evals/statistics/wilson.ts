// Wilson's score interval of one proportion.
import { criticalZ } from './distributions.ts';

/**
 * Two-sided score interval of a proportion (Wilson 1927); stays within [0, 1] and is not empty at 0 or n.
 *
 * @param successes from 0 to n
 */
export function wilsonInterval(successes: number, n: number, confidence: number): { low: number; high: number } {
  if (!(n > 0 && successes >= 0 && successes <= n)) {
    throw new RangeError(`impossible proportion: ${successes} of ${n}`);
  }
  const z = criticalZ(confidence);
  const centre = (successes + (z * z) / 2) / (n + z * z);
  const half = (z / (n + z * z)) * Math.sqrt((successes * (n - successes)) / n + (z * z) / 4);
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === n ? 1 : Math.min(1, centre + half),
  };
}
