import { describe, expect, test } from 'vitest';
import { criticalZ, normalCdf, normalQuantile, tCdf, tQuantile } from './distributions.ts';

describe('distributions', () => {
  test('normal quantiles agree with scipy to nine digits', () => {
    expect(normalQuantile(0.95)).toBeCloseTo(1.644853627, 9);
    expect(criticalZ(0.95)).toBeCloseTo(1.959963985, 9);
  });

  test('t quantiles agree with scipy to nine digits', () => {
    expect(tQuantile(0.975, 9)).toBeCloseTo(2.262157163, 9);
    expect(tQuantile(0.975, 41)).toBeCloseTo(2.01954097, 9);
  });

  test('distribution functions undo their quantiles', () => {
    for (const p of [0.001, 0.025, 0.3, 0.5, 0.9, 0.999]) {
      expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 10);
      expect(tCdf(tQuantile(p, 5), 5)).toBeCloseTo(p, 10);
    }
  });

  test('a probability outside (0, 1) is an error', () => {
    for (const p of [0, 1, -1, Number.NaN]) {
      expect(() => normalQuantile(p)).toThrow(RangeError);
      expect(() => tQuantile(p, 3)).toThrow(RangeError);
    }
  });
});
