// Normal and Student t distributions: the only special functions that the verdict needs.
import jstat from 'jstat';

/** P(Z ≤ z) of the standard normal distribution. */
export function normalCdf(z: number): number {
  return jstat.normal.cdf(z, 0, 1);
}

/** The z with P(Z ≤ z) = p of the standard normal distribution, 0 < p < 1. */
export function normalQuantile(p: number): number {
  requireProbability(p);
  return jstat.normal.inv(p, 0, 1);
}

/**
 * P(T ≤ t) of Student's t distribution, by the finite series for whole degrees of freedom (Abramowitz and Stegun
 * 26.7.3 and 26.7.4): exact, where jStat's incomplete beta function stops at about 1e-8.
 *
 * @param degreesOfFreedom integer of at least 1
 */
export function tCdf(t: number, degreesOfFreedom: number): number {
  if (!Number.isSafeInteger(degreesOfFreedom) || degreesOfFreedom < 1) {
    throw new RangeError(`degrees of freedom must be a positive integer, not ${degreesOfFreedom}`);
  }
  const angle = Math.atan(t / Math.sqrt(degreesOfFreedom));
  const cosine = Math.cos(angle);
  const odd = degreesOfFreedom % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degreesOfFreedom === 1 ? 0 : term;
  for (let power = odd ? 3 : 2; power <= degreesOfFreedom - 2; power += 2) {
    term *= ((power - 1) / power) * cosine * cosine;
    sum += term;
  }
  const central = odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
  return (1 + central) / 2;
}

/** The t with P(T ≤ t) = p of Student's t distribution, 0 < p < 1. */
export function tQuantile(p: number, degreesOfFreedom: number): number {
  requireProbability(p);
  const start = jstat.studentt.inv(p, degreesOfFreedom);
  // jStat's inverse stops at about 1e-8; one Newton step on the exact function takes that to about 1e-15.
  return start - (tCdf(start, degreesOfFreedom) - p) / jstat.studentt.pdf(start, degreesOfFreedom);
}

/** Two-sided critical value of the normal distribution, for example 1.96 at a confidence of 0.95. */
export function criticalZ(confidence: number): number {
  return normalQuantile(1 - (1 - confidence) / 2);
}

function requireProbability(p: number): void {
  if (!(p > 0 && p < 1)) {
    throw new RangeError(`a probability between 0 and 1 is needed, not ${p}`);
  }
}
