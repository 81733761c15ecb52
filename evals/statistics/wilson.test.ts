import { describe, expect, test } from 'vitest';
import { wilsonInterval } from './wilson.ts';

describe('Wilson', () => {
  test.each([
    { successes: 95, n: 100, low: 0.88825, high: 0.978456 },
    { successes: 0, n: 20, low: 0, high: 0.161125 },
    { successes: 1800, n: 2000, low: 0.886076, high: 0.912391 },
    { successes: 1, n: 10, low: 0.017876, high: 0.40415 },
  ])('the interval of $successes of $n agrees with statsmodels', ({ successes, n, low, high }) => {
    const interval = wilsonInterval(successes, n, 0.95);
    expect(interval.low).toBeCloseTo(low, 6);
    expect(interval.high).toBeCloseTo(high, 6);
  });

  test('all right ends at exactly 1 and mirrors all wrong', () => {
    const all = wilsonInterval(20, 20, 0.95);
    expect(all.high).toBe(1);
    expect(all.low).toBeCloseTo(1 - 0.161125, 6);
  });

  test('impossible counts are an error', () => {
    expect(() => wilsonInterval(3, 2, 0.95)).toThrow(RangeError);
    expect(() => wilsonInterval(0, 0, 0.95)).toThrow(RangeError);
    expect(() => wilsonInterval(Number.NaN, 4, 0.95)).toThrow(RangeError);
  });
});
