// A score test of the mean of bounded values: Tango's test, for scores that are not only right or wrong.
import { crossing } from './crossing.ts';
import { criticalZ } from './distributions.ts';

/** Values with how often each was seen; compress equal values with {@link countValues}. */
export interface CountedValues {
  readonly values: Float64Array;
  readonly counts: Float64Array;
}

/** Distinct values in order of first appearance. Throws on a value that is no number from -1 to 1. */
export function countValues(values: ArrayLike<number>): CountedValues {
  const seen = new Map<number, number>();
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] ?? Number.NaN;
    if (!(value >= -1 && value <= 1)) {
      throw new RangeError(`a difference of scores must lie between -1 and 1, not ${value}`);
    }
    seen.set(value, (seen.get(value) ?? 0) + 1);
  }
  return { values: Float64Array.from(seen.keys()), counts: Float64Array.from(seen.values()) };
}

/**
 * Score statistic of the hypothesis that the mean of values in [-1, 1] is `mean`: their observed mean minus `mean`, over
 * its standard error under the hypothesis. Positive when the observed mean is above `mean`.
 *
 * The variance is that of the distribution with mean `mean` under which the values are likeliest (Owen 2001, Empirical
 * Likelihood, chapter 2), which may put weight on -1 or 1 although neither was seen: what was not seen in n rows may
 * still exist. For values -1, 0 and 1 that is Tango's statistic. Student's t takes its variance from the values alone
 * and so promotes too often when rare, large losses happen to be absent.
 */
export function boundedScoreZ({ values, counts }: CountedValues, mean: number): number {
  const excess = values.map((value) => value - mean);
  return scoreOfExcess(excess, { below: 1 + mean, above: 1 - mean }, counts);
}

/** Two-sided interval: every mean that the score test accepts. */
export function boundedScoreInterval(data: CountedValues, confidence: number): { low: number; high: number } {
  const z = criticalZ(confidence);
  const observed = dot(data.values, data.counts) / total(data.counts);
  const statistic = (mean: number): number => boundedScoreZ(data, mean);
  return {
    low: observed <= -1 ? -1 : crossing(statistic, z, -1, observed),
    high: observed >= 1 ? 1 : crossing(statistic, -z, observed, 1),
  };
}

/**
 * Mean excess over its standard error, the variance being that of the likeliest distribution whose mean is zero.
 *
 * @param excess value minus hypothesised mean
 * @param reach how far an unseen value could lie below and above zero; at least as far as those seen
 * @param counts how often each was seen; once when absent
 */
export function scoreOfExcess(
  excess: Float64Array,
  reach: { readonly below: number; readonly above: number },
  counts: Float64Array = new Float64Array(excess.length).fill(1),
): number {
  const n = total(counts);
  const mean = dot(excess, counts) / n;
  if (!(n > 0) || !Number.isFinite(mean)) {
    throw new RangeError('a score test needs finite values, and at least one');
  }
  if (mean === 0) {
    return 0;
  }
  // Seen from the side on which the observed mean lies, so that weight must move towards negative values.
  const sign = Math.sign(mean);
  const far = sign > 0 ? reach.below : reach.above;
  const lambda = tilt(excess, counts, sign, 1 / far);
  let weight = 0;
  let variance = 0;
  for (let index = 0; index < excess.length; index += 1) {
    const value = sign * (excess[index] ?? 0);
    const share = (counts[index] ?? 0) / (n * (1 + lambda * value));
    weight += share;
    variance += share * value * value;
  }
  if (lambda === 1 / far) {
    variance += Math.max(0, 1 - weight) * far * far;
  }
  return (mean * Math.sqrt(n)) / Math.sqrt(variance);
}

/**
 * The λ of the weights 1 / (n (1 + λ u)) under which the mean of u is zero, at most `cap`: there the rest of the weight
 * goes to the unseen value -1 / cap. By Newton's method within a bracket.
 */
function tilt(excess: Float64Array, counts: Float64Array, sign: number, cap: number): number {
  let [sum, squares, lowest] = [0, 0, 0];
  for (let index = 0; index < excess.length; index += 1) {
    const value = sign * (excess[index] ?? 0);
    sum += (counts[index] ?? 0) * value;
    squares += (counts[index] ?? 0) * value * value;
    lowest = Math.min(lowest, value);
  }
  // Where a value as low as -1 / cap was seen, the root lies below the cap, at which its weight has no end.
  let capIsOpen = 1 + cap * lowest >= 1e-9;
  let low = 0;
  let high = cap;
  let lambda = Math.min(sum / squares, capIsOpen ? cap : 0.9 * cap);
  for (let step = 0; step < 200; step += 1) {
    let [rest, slope] = [0, 0];
    for (let index = 0; index < excess.length; index += 1) {
      const value = sign * (excess[index] ?? 0);
      const ratio = value / (1 + lambda * value);
      rest += (counts[index] ?? 0) * ratio;
      slope += (counts[index] ?? 0) * ratio * ratio;
    }
    if (lambda === cap) {
      if (rest >= 0) {
        return cap;
      }
      capIsOpen = false;
    }
    if (rest > 0) {
      low = lambda;
    } else {
      high = lambda;
    }
    const newton = lambda + rest / slope;
    const inside = newton > low && newton < high;
    const next = inside ? newton : newton >= cap && capIsOpen ? cap : (low + high) / 2;
    if (Math.abs(next - lambda) <= 1e-13 * cap) {
      return next;
    }
    lambda = next;
  }
  return lambda;
}

function total(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function dot(values: Float64Array, counts: Float64Array): number {
  return values.reduce((sum, value, index) => sum + value * (counts[index] ?? 0), 0);
}
