import { describe, expect, test } from 'vitest';
import { benjaminiHochberg } from './benjamini-hochberg.ts';
import { claims } from './holm.ts';

describe('Benjamini and Hochberg', () => {
  test('adjusted p values agree with statsmodels', () => {
    const found = benjaminiHochberg([0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205]);
    const expected = [0.008, 0.032, 0.0672, 0.0672, 0.0672, 0.08, 0.084571, 0.205];
    expected.forEach((p, index) => expect(found[index]).toBeCloseTo(p, 6));
    expect(found.filter((p) => claims(p, 0.05))).toHaveLength(2);
  });

  test('five p values that all adjust to 0.05 are all claimed, rounding or not', () => {
    const found = benjaminiHochberg([0.01, 0.02, 0.03, 0.04, 0.05]);
    expect(found.every((p) => claims(p, 0.05))).toBe(true);
  });

  test('the order given is kept, and less than 0 is an error', () => {
    expect(benjaminiHochberg([0.5, 0.001])).toEqual([0.5, 0.002]);
    expect(() => benjaminiHochberg([-0.1])).toThrow(RangeError);
  });
});
