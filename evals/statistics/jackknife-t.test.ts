import { describe, expect, test } from 'vitest';
import { meanOf } from './bootstrap.ts';
import { jackknifeError, jackknifeInterval, jackknifePAbove } from './jackknife-t.ts';
import { pairedT } from './paired-t.ts';
import { resample } from './resample.ts';

const values = Float64Array.of(0.2, -0.1, 0.3, 0.05, 0.4, -0.05, 0.1, 0.25);
const plan = { rows: 8, seed: 1, resamples: 10 };

describe('jackknife t', () => {
  test('for a mean it is the t interval and its one-sided p value', () => {
    const found = resample(plan, meanOf(values));
    const error = jackknifeError(found);
    const t = pairedT(values, 0.95);
    expect(error?.standardError).toBeCloseTo(t.standardError, 12);
    expect(error?.degreesOfFreedom).toBe(7);
    if (error !== null) {
      expect(jackknifeInterval(found.value, error, 0.95).low).toBeCloseTo(t.low, 12);
      expect(jackknifePAbove(found.value, error, 0)).toBeCloseTo(t.p / 2, 12);
      expect(jackknifePAbove(found.value, error, found.value)).toBe(0.5);
    }
  });

  test('clusters of unequal size count for fewer degrees of freedom', () => {
    const clusters = ['a', 'a', 'a', 'a', 'a', 'b', 'c', 'd'];
    const error = jackknifeError(resample({ ...plan, clusters }, meanOf(values)));
    expect(error?.degreesOfFreedom).toBeCloseTo(64 / 28 - 1, 12);
  });

  test('two units are too few', () => {
    expect(jackknifeError(resample({ ...plan, rows: 2 }, meanOf(values)))).toBeNull();
  });
});
