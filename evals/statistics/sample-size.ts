// How many rows a decision needs.
import { criticalZ, normalCdf, normalQuantile } from './distributions.ts';

interface Plan {
  /** Share of rows on which exactly one of the two arms is right (psi), from 0 to 1. */
  readonly discordance: number;
  /** Confidence of the two-sided interval that decides, for example 0.95. */
  readonly confidence: number;
  /** Chance of the decision when the assumption holds, for example 0.8. */
  readonly power: number;
}

/**
 * Rows for McNemar's test to find a true difference (Connor 1987, Biometrics 43:207-211).
 *
 * @param difference true difference of the proportions, not 0
 */
export function rowsForSuperiority(plan: Plan & { readonly difference: number }): number {
  const { discordance, difference, confidence, power } = plan;
  if (difference === 0 || discordance < Math.abs(difference)) {
    throw new RangeError(`a difference of ${difference} cannot come from a discordance of ${discordance}`);
  }
  const root =
    criticalZ(confidence) * Math.sqrt(discordance) +
    normalQuantile(power) * Math.sqrt(discordance - difference * difference);
  return Math.ceil((root / difference) ** 2);
}

/**
 * Rows for the lower bound of the difference to clear -margin (Nam 1997, Biometrics 53:1422-1430, large-sample form).
 *
 * @param difference true difference of the proportions, above -margin; 0 is the usual assumption
 */
export function rowsForNonInferiority(plan: Plan & { readonly margin: number; readonly difference: number }): number {
  const { discordance, difference, margin, confidence, power } = plan;
  const distance = margin + difference;
  if (distance <= 0 || discordance < Math.abs(difference)) {
    throw new RangeError(`no number of rows shows a difference of ${difference} to be within a margin of ${margin}`);
  }
  const z = criticalZ(confidence) + normalQuantile(power);
  return Math.ceil((z * z * (discordance - difference * difference)) / (distance * distance));
}

/**
 * Rows after which an interval that shrinks as 1/√n would clear a bound: for intervals whose variance has no
 * formula of its own (clusters, bootstrap).
 *
 * @param distance how far the assumed true difference lies from the bound, above 0
 */
export function rowsByScaling(plan: {
  readonly n: number;
  readonly low: number;
  readonly high: number;
  readonly distance: number;
  readonly confidence: number;
  readonly power: number;
}): number {
  if (plan.distance <= 0) {
    throw new RangeError('no number of rows moves an interval past a bound on its far side');
  }
  const z = criticalZ(plan.confidence);
  const standardError = (plan.high - plan.low) / (2 * z);
  return Math.ceil(plan.n * (((z + normalQuantile(plan.power)) * standardError) / plan.distance) ** 2);
}

/**
 * Questions for a difference of graded scores (Miller 2024, arXiv:2411.00640, equation 9).
 *
 * @param difference smallest difference to be found, not 0
 * @param between variance over questions of the difference of the arms' mean scores (omega²)
 * @param within variance over repeats of one arm's score of one question, of either arm (sigma²)
 * @param repeats answers of either arm to each question
 */
export function rowsForGradedScores(plan: {
  readonly difference: number;
  readonly between: number;
  readonly within: readonly [number, number];
  readonly repeats: readonly [number, number];
  readonly confidence: number;
  readonly power: number;
}): number {
  const { difference, between, within, repeats, confidence, power } = plan;
  if (difference === 0 || repeats.some((count) => !(count >= 1))) {
    throw new RangeError('a difference other than 0 and at least one answer a question are needed');
  }
  const variance = between + within[0] / repeats[0] + within[1] / repeats[1];
  return Math.ceil(((criticalZ(confidence) + normalQuantile(power)) ** 2 * variance) / (difference * difference));
}

/** Smallest true difference that `n` rows find with the plan's power, by McNemar's test. */
export function minimumDetectable({ discordance, confidence, power }: Plan, n: number): number {
  return (criticalZ(confidence) + normalQuantile(power)) * Math.sqrt(discordance / n);
}

/** Chance that `n` rows show non-inferiority, by the large-sample form of Nam 1997. */
export function powerForNonInferiority(plan: {
  readonly n: number;
  readonly margin: number;
  readonly difference: number;
  /** Variance of the difference of one row; discordance - difference² where rows are right or wrong. */
  readonly variance: number;
  readonly confidence: number;
}): number {
  const { n, margin, difference, variance, confidence } = plan;
  return normalCdf((margin + difference) / Math.sqrt(variance / n) - criticalZ(confidence));
}

/**
 * Largest discordance of two arms whose outcomes are not negatively correlated, from their shares of right answers: for
 * planning before a pilot.
 */
export function largestDiscordance(first: number, second: number): number {
  return first * (1 - second) + second * (1 - first);
}
