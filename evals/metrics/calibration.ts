// Calibration of an arm: whether it is as often right as its probabilities say.
import type { Calibration, RowResult } from '../../domain/scorecard.ts';
import { brierScore, calibrationError } from '../statistics/calibration.ts';

/**
 * Brier score and expected calibration error of the rows whose answer has a log probability; null when none has. The
 * probability is that of the whole answer, e to its log probability, and right is exact match.
 */
export function calibrationOf(results: readonly RowResult[]): Calibration | null {
  const stated = results.flatMap(({ answer, logprob, score }) =>
    answer === null || logprob === null ? [] : [{ probability: Math.exp(Math.min(0, logprob)), right: score }],
  );
  if (stated.length === 0) {
    return null;
  }
  const probabilities = {
    probability: Float64Array.from(stated, ({ probability }) => probability),
    right: Float64Array.from(stated, ({ right }) => right),
  };
  return { n: stated.length, brier: brierScore(probabilities), ece: calibrationError(probabilities) };
}
