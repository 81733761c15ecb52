import { describe, expect, test } from 'vitest';
import { tQuantile } from './distributions.ts';
import { pairedT } from './paired-t.ts';

describe('paired t', () => {
  test('the p value agrees with scipy', () => {
    const found = pairedT([0.2, -0.1, 0.3, 0.05, 0.4, -0.05, 0.1, 0.25], 0.95);
    expect(found.p).toBeCloseTo(0.0522052, 7);
    expect(found.mean).toBeCloseTo(0.14375, 12);
    expect(found.high - found.mean).toBeCloseTo(tQuantile(0.975, 7) * found.standardError, 12);
  });

  test('the standard error of rows agrees with statsmodels', () => {
    expect(pairedT([1, 0, 0, 1, 1, 0, 0, -1, 1, 0], 0.95).standardError).toBeCloseTo(0.2134375, 7);
  });

  test('equal differences have no spread: p is 0, or 1 where all are 0', () => {
    expect(pairedT([0.5, 0.5, 0.5], 0.95)).toMatchObject({ p: 0, low: 0.5, high: 0.5 });
    expect(pairedT([0, 0, 0], 0.95).p).toBe(1);
  });

  test('one difference and NaN are errors', () => {
    expect(() => pairedT([0.1], 0.95)).toThrow(RangeError);
    expect(() => pairedT([0.1, Number.NaN], 0.95)).toThrow(RangeError);
  });
});
