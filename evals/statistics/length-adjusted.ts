// A judge's preference as it would be for answers of equal length.
import { criticalZ } from './distributions.ts';
import { logisticRegression } from './logistic.ts';

/** A preference for the candidate, from 0 to 1, with its interval. */
export interface AdjustedPreference {
  readonly preference: number;
  readonly low: number;
  readonly high: number;
  /** Coefficient of the length term; above 0 where the judge likes longer answers. 0 where lengths never differ. */
  readonly lengthCoefficient: number;
}

/**
 * logit(preference) = intercept + coefficient · tanh(Δlength / sd), read at Δlength = 0 (after Dubois, Galambosi, Liang
 * and Hashimoto 2024, arXiv:2404.04475, without their terms for models and instructions). Robust standard errors, since
 * ties count ½. Null where length and preference cannot be told apart, or all preferences are equal to 0 or to 1.
 *
 * @param preferences 1 where the candidate is preferred, 0 where the other is, ½ for a tie
 * @param lengthDifferences length of the candidate's answer minus that of the other's, in any unit
 */
export function lengthAdjustedPreference(
  preferences: ArrayLike<number>,
  lengthDifferences: ArrayLike<number>,
  confidence: number,
): AdjustedPreference | null {
  const ones = new Float64Array(preferences.length).fill(1);
  const lengths = Float64Array.from(lengthDifferences);
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  const deviation = Math.sqrt(lengths.reduce((sum, length) => sum + (length - mean) ** 2, 0) / lengths.length);
  const scaled = lengths.map((length) => Math.tanh(length / deviation));
  const fit = logisticRegression(deviation === 0 ? [ones] : [ones, scaled], preferences);
  if (fit.kind === 'separated') {
    return null;
  }
  const [intercept = Number.NaN, lengthCoefficient = 0] = fit.coefficients;
  const half = criticalZ(confidence) * Math.sqrt(fit.robustCovariance[0] ?? Number.NaN);
  return {
    preference: logistic(intercept),
    low: logistic(intercept - half),
    high: logistic(intercept + half),
    lengthCoefficient,
  };
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
