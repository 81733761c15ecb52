import { describe, expect, test } from 'vitest';
import { bcaInterval, bcaPAbove, percentileInterval } from './bca.ts';
import { meanOf } from './bootstrap.ts';
import { createRandom } from './random.ts';
import { quantile, resample } from './resample.ts';

const random = createRandom(9);
const values = Float64Array.from({ length: 80 }, () => random() ** 3 - 0.2);
const resampled = resample({ rows: 80, seed: 3, resamples: 4000 }, meanOf(values));

describe('BCa', () => {
  test('the one-sided p value is the level at which the lower end reaches the bound', () => {
    for (const confidence of [0.8, 0.9, 0.95]) {
      const { low } = bcaInterval(resampled, confidence);
      expect(bcaPAbove(resampled, low)).toBeCloseTo((1 - confidence) / 2, 2);
    }
  });

  test('no p value is smaller than resamples can tell', () => {
    expect(bcaPAbove(resampled, -1)).toBeGreaterThanOrEqual(1 / 4001);
    expect(bcaPAbove(resampled, 1)).toBeGreaterThan(0.99);
  });

  test('skewed values shift both ends upwards from the percentile ends', () => {
    const plain = percentileInterval(resampled, 0.95);
    const found = bcaInterval(resampled, 0.95);
    expect(found.low).toBeGreaterThan(plain.low);
    expect(found.high).toBeGreaterThan(plain.high);
    expect(plain.low).toBe(quantile(resampled.replicates, (1 - 0.95) / 2));
  });

  test('resamples that all agree give that value by percentile, and a p value of 1 there', () => {
    const constant = resample({ rows: 30, seed: 1, resamples: 100 }, () => 0.25);
    expect(bcaInterval(constant, 0.95)).toEqual({ low: 0.25, high: 0.25, method: 'percentile' });
    expect(bcaPAbove(constant, 0.3)).toBeGreaterThan(0.95);
    expect(bcaPAbove(constant, 0.2)).toBeLessThan(0.05);
  });
});
