// Special functions that the verdict needs: normal and Student t distributions, and the logarithm of the beta function.
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
 * P(T ≤ t) of Student's t distribution. Whole degrees of freedom use the finite series (Abramowitz and Stegun 26.7.3
 * and 26.7.4), which is exact; others use jStat's incomplete beta function, which stops at about 1e-8.
 *
 * @param degreesOfFreedom at least 1
 */
export function tCdf(t: number, degreesOfFreedom: number): number {
  if (!(degreesOfFreedom >= 1 && degreesOfFreedom < Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`degrees of freedom must be at least 1, not ${degreesOfFreedom}`);
  }
  if (!Number.isFinite(t)) {
    return t > 0 ? 1 : 0;
  }
  if (!Number.isInteger(degreesOfFreedom)) {
    return jstat.studentt.cdf(t, degreesOfFreedom);
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
  if (!Number.isInteger(degreesOfFreedom)) {
    return start;
  }
  // jStat's inverse stops at about 1e-8; one Newton step on the exact function takes that to about 1e-15.
  return start - (tCdf(start, degreesOfFreedom) - p) / jstat.studentt.pdf(start, degreesOfFreedom);
}

/** P(X ≥ x) of the chi-square distribution with one degree of freedom. */
export function chiSquareTail(x: number): number {
  return 2 * normalCdf(-Math.sqrt(x));
}

/** Natural logarithm of the beta function B(a, b). */
export function logBeta(a: number, b: number): number {
  return jstat.betaln(a, b);
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
