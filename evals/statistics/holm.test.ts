import { describe, expect, test } from 'vitest';
import { claims, holm } from './holm.ts';

describe('Holm', () => {
  test('adjusted p values agree with statsmodels, in the order given', () => {
    const found = holm([0.074, 0.001, 0.205, 0.008, 0.039, 0.041, 0.042, 0.06]);
    const expected = [0.234, 0.008, 0.234, 0.056, 0.234, 0.234, 0.234, 0.234];
    expected.forEach((p, index) => expect(found[index]).toBeCloseTo(p, 12));
    expect(found.filter((p) => claims(p, 0.05))).toHaveLength(1);
  });

  test('of five evenly spaced p values one claim holds, although 5 × 0.01 rounds above 0.05', () => {
    const found = holm([0.01, 0.02, 0.03, 0.04, 0.05]);
    expect(found.filter((p) => claims(p, 0.05))).toHaveLength(1);
    expect(claims(0.1 + 0.2 - 0.25, 0.05)).toBe(true);
  });

  test('one p value stays, none gives none, more than 1 is an error', () => {
    expect(holm([0.03])).toEqual([0.03]);
    expect(holm([])).toEqual([]);
    expect(() => holm([1.2])).toThrow(RangeError);
    expect(() => holm([Number.NaN])).toThrow(RangeError);
  });
});
