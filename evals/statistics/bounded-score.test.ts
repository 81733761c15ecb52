import { describe, expect, test } from 'vitest';
import { boundedScoreInterval, boundedScoreZ, countValues } from './bounded-score.ts';
import { pairedT } from './paired-t.ts';
import { createRandom } from './random.ts';
import { tangoInterval, tangoZ } from './tango.ts';

function rows(wins: number, losses: number, n: number): number[] {
  return Array.from({ length: n }, (_, row) => (row < wins ? 1 : row < wins + losses ? -1 : 0));
}

/** The variance of the likeliest distribution with a given mean, by a grid over the weight of an unseen -1. */
function varianceByGrid(values: readonly number[], mean: number): number {
  let best = { likelihood: Number.NEGATIVE_INFINITY, variance: Number.NaN };
  for (let step = 0; step < 20_000; step += 1) {
    const unseen = step / 40_000;
    // Given the weight of the unseen -1, the rest is the classical empirical likelihood of a shifted mean.
    const target = (mean + unseen) / (1 - unseen);
    let [low, high] = [0, 1 / (target - Math.min(...values)) - 1e-9];
    for (let halving = 0; halving < 60; halving += 1) {
      const lambda = (low + high) / 2;
      const rest = values.reduce((sum, value) => sum + (value - target) / (1 + lambda * (value - target)), 0);
      [low, high] = rest > 0 ? [lambda, high] : [low, lambda];
    }
    const weights = values.map((value) => (1 - unseen) / (values.length * (1 + low * (value - target))));
    const total = weights.reduce((sum, weight) => sum + weight, 0) + unseen;
    if (Math.abs(total - 1) < 1e-6) {
      const likelihood = weights.reduce((sum, weight) => sum + Math.log(weight), 0);
      const variance =
        weights.reduce((sum, weight, index) => sum + weight * ((values[index] ?? 0) - mean) ** 2, 0) +
        unseen * (-1 - mean) ** 2;
      best = likelihood > best.likelihood ? { likelihood, variance } : best;
    }
  }
  return best.variance;
}

describe('bounded score test', () => {
  test.each([
    { wins: 12, losses: 2, n: 50 },
    { wins: 0, losses: 0, n: 60 },
    { wins: 9, losses: 0, n: 59 },
    { wins: 30, losses: 20, n: 50 },
    { wins: 0, losses: 4, n: 30 },
    { wins: 60, losses: 80, n: 2000 },
  ])('is Tango’s test for $wins wins and $losses losses of $n', (counts) => {
    const data = countValues(rows(counts.wins, counts.losses, counts.n));
    for (const delta of [-0.3, -0.05, -0.02, 0.01, 0.2]) {
      expect(boundedScoreZ(data, delta)).toBeCloseTo(tangoZ(counts, delta), 8);
    }
    const found = boundedScoreInterval(data, 0.95);
    const exact = tangoInterval(counts, 0.95);
    expect(found.low).toBeCloseTo(exact.low, 8);
    expect(found.high).toBeCloseTo(exact.high, 8);
  });

  test('the variance is that of the likeliest distribution, found by brute force', () => {
    for (const values of [
      [0, 0.1, -0.2, 0.05, 0.3, 0, 0.15, -0.05, 0.2, 0.1],
      [0.1, 0.2, 0.2, 0.3, 0.1, 0.25],
    ]) {
      const mean = -0.1;
      const observed = values.reduce((sum, value) => sum + value, 0) / values.length;
      const expected = ((observed - mean) * Math.sqrt(values.length)) / Math.sqrt(varianceByGrid(values, mean));
      expect(boundedScoreZ(countValues(values), mean)).toBeCloseTo(expected, 3);
    }
  });

  test('for many values that lean to neither side it agrees with the t interval', () => {
    const random = createRandom(5);
    const values = Array.from({ length: 2000 }, () => random() - random());
    const found = boundedScoreInterval(countValues(values), 0.95);
    const t = pairedT(values, 0.95);
    expect(found.low).toBeCloseTo(t.low, 3);
    expect(found.high).toBeCloseTo(t.high, 3);
  });

  test('fifty small differences do not rule out a rare total loss, where the t interval does', () => {
    const values = Array.from({ length: 50 }, (_, row) => (row % 2 === 0 ? 0.02 : -0.02));
    expect(pairedT(values, 0.95).low).toBeGreaterThan(-0.01);
    expect(boundedScoreInterval(countValues(values), 0.95).low).toBeLessThan(-0.06);
  });

  test('swapping the arms mirrors the interval', () => {
    const values = [0.3, -0.1, 0.8, 0, 0, -1, 0.25, 0.5, 0, 0.125];
    const { low, high } = boundedScoreInterval(countValues(values), 0.9);
    const mirrored = boundedScoreInterval(countValues(values.map((value) => -value)), 0.9);
    expect(mirrored.low).toBeCloseTo(-high, 10);
    expect(mirrored.high).toBeCloseTo(-low, 10);
  });

  test('all rows won or all lost end at 1 and -1', () => {
    expect(boundedScoreInterval(countValues([1, 1, 1]), 0.95).high).toBe(1);
    expect(boundedScoreInterval(countValues([-1, -1, -1]), 0.95).low).toBe(-1);
  });

  test('a difference beyond -1 and 1, NaN and no values at all are errors', () => {
    expect(() => countValues([0, 1.5])).toThrow('between -1 and 1, not 1.5');
    expect(() => countValues([Number.NaN])).toThrow(RangeError);
    expect(() => boundedScoreZ(countValues([]), 0)).toThrow(RangeError);
  });
});
