// How far stated probabilities can be trusted: Brier score and expected calibration error.

/** Answers with the probability that the model gave to being right. */
export interface StatedProbabilities {
  /** From 0 to 1. */
  readonly probability: Float64Array;
  /** 1 where the answer is right, else 0. */
  readonly right: Float64Array;
}

/**
 * Mean squared distance of probability and outcome (Brier 1950); 0 is best, 0.25 is a coin called ½.
 *
 * @param rows indices of the rows to use, repeats allowed; all rows when absent
 */
export function brierScore({ probability, right }: StatedProbabilities, rows?: Int32Array): number {
  const count = rows === undefined ? probability.length : rows.length;
  let sum = 0;
  for (let position = 0; position < count; position += 1) {
    const row = rows === undefined ? position : (rows[position] ?? 0);
    sum += ((probability[row] ?? Number.NaN) - (right[row] ?? Number.NaN)) ** 2;
  }
  return finite(sum / count);
}

/**
 * Expected calibration error over bins of equal width, (0, 1/k], … (Naeini, Cooper and Hauskrecht 2015; Guo, Pleiss, Sun
 * and Weinberger 2017, arXiv:1706.04599): the mean distance of stated probability and share right. It depends on the
 * number of bins, and is above 0 by chance on few rows, so it is reported and decides nothing.
 */
export function calibrationError({ probability, right }: StatedProbabilities, bins = 10, rows?: Int32Array): number {
  const count = rows === undefined ? probability.length : rows.length;
  const gaps = new Float64Array(bins);
  for (let position = 0; position < count; position += 1) {
    const row = rows === undefined ? position : (rows[position] ?? 0);
    const stated = probability[row] ?? Number.NaN;
    if (!(stated >= 0 && stated <= 1)) {
      throw new RangeError(`row ${row} has the probability ${stated}`);
    }
    const bin = Math.max(0, Math.ceil(stated * bins) - 1);
    gaps[bin] = (gaps[bin] ?? 0) + stated - (right[row] ?? Number.NaN);
  }
  return finite(gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / count);
}

function finite(value: number): number {
  if (!Number.isFinite(value)) {
    throw new RangeError('calibration needs rows, with probabilities from 0 to 1');
  }
  return value;
}
