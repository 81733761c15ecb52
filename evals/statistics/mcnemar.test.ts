import { describe, expect, test } from 'vitest';
import { normalCdf } from './distributions.ts';
import { mcnemar } from './mcnemar.ts';

/** Reference values by scipy 1.18 and statsmodels 0.15. */
const reference = [
  { wins: 10, losses: 2, exact: 0.0385742188, midP: 0.0224609, digits: 7 },
  { wins: 5, losses: 15, exact: 0.0413895, midP: 0.0266037, digits: 7 },
  { wins: 1, losses: 9, exact: 0.0214844, midP: 0.0117187, digits: 6 },
  { wins: 0, losses: 6, exact: 0.03125, midP: 0.015625, digits: 12 },
  { wins: 0, losses: 5, exact: 0.0625, midP: 0.03125, digits: 12 },
  { wins: 25, losses: 15, exact: 0.15386, midP: 0.117275, digits: 6 },
  { wins: 150, losses: 86, exact: 3.7159361e-5, midP: 2.8933895e-5, digits: 12 },
  { wins: 1000, losses: 1100, exact: 0.030720708, midP: 0.029110634, digits: 9 },
  { wins: 59, losses: 6, exact: 4.96465e-12, midP: 2.7258e-12, digits: 17 },
  { wins: 7, losses: 7, exact: 1, midP: 1, digits: 12 },
];

describe('McNemar', () => {
  test.each(reference)('$wins wins and $losses losses agree with scipy', ({ wins, losses, exact, midP, digits }) => {
    const found = mcnemar(wins, losses);
    expect(found.twoSided).toBeCloseTo(exact, digits);
    expect(found.midP).toBeCloseTo(midP, digits);
    expect(mcnemar(losses, wins).twoSided).toBe(found.twoSided);
  });

  test('without discordant pairs every p value is 1', () => {
    expect(mcnemar(0, 0)).toEqual({ twoSided: 1, oneSided: 1, midP: 1, chiSquare: 1, corrected: 1 });
  });

  test.each([
    { wins: 10, losses: 2, corrected: 0.0433081, plain: 0.0209213 },
    { wins: 5, losses: 15, corrected: 0.0441713, plain: 0.0253473 },
    { wins: 1, losses: 9, corrected: 0.0268567, plain: 0.011412 },
    { wins: 0, losses: 6, corrected: 0.0412268, plain: 0.0143059 },
    { wins: 0, losses: 5, corrected: 0.0736383, plain: 0.0253473 },
    { wins: 25, losses: 15, corrected: 0.154729, plain: 0.113846 },
    { wins: 59, losses: 6, corrected: 1.11993e-10, plain: 4.90336e-11 },
    { wins: 7, losses: 7, corrected: 1, plain: 1 },
  ])('the chi-square forms of $wins and $losses agree with statsmodels', ({ wins, losses, corrected, plain }) => {
    const found = mcnemar(wins, losses);
    expect(found.chiSquare / plain).toBeCloseTo(1, 5);
    expect(found.corrected / corrected).toBeCloseTo(1, 5);
  });

  test('the one-sided p value looks at the chance of so few losses', () => {
    expect(mcnemar(10, 2).oneSided).toBeCloseTo(79 / 4096, 12);
    expect(mcnemar(2, 10).oneSided).toBeCloseTo(1 - 13 / 4096, 12);
    expect(mcnemar(7, 7).oneSided).toBeGreaterThan(0.5);
  });

  test('a million pairs are still exact enough and finite', () => {
    const { twoSided } = mcnemar(500_500, 499_500);
    // At this size the continuity-corrected normal approximation is good to six digits: 2 Φ(-999.0 / 1000).
    expect(twoSided).toBeCloseTo(2 * normalCdf(-0.999), 6);
  });

  test('a count that is no non-negative integer is an error', () => {
    expect(() => mcnemar(-1, 3)).toThrow(RangeError);
    expect(() => mcnemar(1.5, 3)).toThrow(RangeError);
  });
});
