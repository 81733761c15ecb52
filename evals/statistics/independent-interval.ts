// The deciding interval of a mean difference over independent rows.
import { boundedScoreInterval, boundedScoreZ, countValues } from './bounded-score.ts';
import type { CountedValues } from './bounded-score.ts';
import { normalCdf, tCdf, tQuantile } from './distributions.ts';
import { hullOf, type DecidingInterval, type IntervalPart } from './interval-hull.ts';
import { tangoInterval, tangoZ } from './tango.ts';

/** See {@link decidingInterval}. */
export function independentInterval(differences: ArrayLike<number>, confidence: number): DecidingInterval {
  if (differences.length === 0) {
    throw new RangeError('no rows to compare');
  }
  return countedInterval(countValues(differences), confidence);
}

/** The same from counted values, for whoever has them already. */
export function countedInterval(data: CountedValues, confidence: number): DecidingInterval {
  const n = data.counts.reduce((sum, count) => sum + count, 0);
  const difference = data.values.reduce((sum, value, index) => sum + value * (data.counts[index] ?? 0), 0) / n;
  const binary = data.values.every((value) => Number.isInteger(value));
  const score = scorePart(data, confidence);
  const hull = binary || n < 2 ? score : hullOf([score, tPart(data, difference, n, confidence)]);
  const method = binary ? 'Tango score interval' : 'hull of bounded score interval and paired t interval';
  return { ...hull, difference, method, units: n, few: false };
}

/** The score interval alone; Tango's closed form where values are -1, 0 and 1. */
export function scorePart(data: CountedValues, confidence: number): IntervalPart {
  if (data.values.every((value) => Number.isInteger(value))) {
    const countOf = (wanted: number): number => data.counts[data.values.indexOf(wanted)] ?? 0;
    const counts = { wins: countOf(1), losses: countOf(-1), n: countOf(1) + countOf(-1) + countOf(0) };
    return { ...tangoInterval(counts, confidence), pAbove: (bound) => normalCdf(-tangoZ(counts, bound)) };
  }
  return { ...boundedScoreInterval(data, confidence), pAbove: (bound) => normalCdf(-boundedScoreZ(data, bound)) };
}

function tPart(data: CountedValues, mean: number, n: number, confidence: number): IntervalPart {
  const squares = data.values.reduce((sum, value, index) => sum + (value - mean) ** 2 * (data.counts[index] ?? 0), 0);
  const standardError = Math.sqrt(squares / (n - 1) / n);
  const half = tQuantile(1 - (1 - confidence) / 2, n - 1) * standardError;
  return {
    low: mean - half,
    high: mean + half,
    pAbove: (bound) => tCdf(standardized(bound - mean, standardError), n - 1),
  };
}

/** A distance in standard errors; 0 at no distance, whatever the error. */
export function standardized(distance: number, standardError: number): number {
  return distance === 0 ? 0 : distance / standardError;
}
