import { describe, expect, test } from 'vitest';
import { designEffect } from './intraclass.ts';
import {
  largestDiscordance,
  minimumDetectable,
  powerForNonInferiority,
  rowsByScaling,
  rowsForGradedScores,
  rowsForNonInferiority,
  rowsForSuperiority,
} from './sample-size.ts';

describe('sample size', () => {
  test.each([
    { discordance: 0.1, difference: 0.02, eighty: 1960, ninety: 2623 },
    { discordance: 0.1, difference: 0.03, eighty: 870, ninety: 1164 },
    { discordance: 0.1, difference: 0.05, eighty: 312, ninety: 417 },
    { discordance: 0.2, difference: 0.02, eighty: 3923, ninety: 5250 },
    { discordance: 0.2, difference: 0.03, eighty: 1742, ninety: 2331 },
    { discordance: 0.2, difference: 0.05, eighty: 626, ninety: 837 },
  ])('superiority by $difference at discordance $discordance', ({ discordance, difference, eighty, ninety }) => {
    const plan = { discordance, difference, confidence: 0.95 };
    expect(rowsForSuperiority({ ...plan, power: 0.8 })).toBe(eighty);
    expect(rowsForSuperiority({ ...plan, power: 0.9 })).toBe(ninety);
  });

  test.each([
    { discordance: 0.1, margin: 0.02, eighty: 1546, ninety: 2141 },
    { discordance: 0.1, margin: 0.03, eighty: 687, ninety: 952 },
    { discordance: 0.2, margin: 0.02, eighty: 3092, ninety: 4282 },
    { discordance: 0.2, margin: 0.03, eighty: 1374, ninety: 1904 },
  ])('non-inferiority within $margin at discordance $discordance', ({ discordance, margin, eighty, ninety }) => {
    // The reference table is one-sided at 5 %, which is the lower end of a two-sided 90 % interval.
    const plan = { discordance, margin, difference: 0, confidence: 0.9 };
    // The table rounds to the nearest row; half a row is a matter of rounding up.
    expect(Math.abs(rowsForNonInferiority({ ...plan, power: 0.8 }) - eighty)).toBeLessThanOrEqual(1);
    expect(Math.abs(rowsForNonInferiority({ ...plan, power: 0.9 }) - ninety)).toBeLessThanOrEqual(1);
  });

  test('a difference that eats into the margin needs more rows', () => {
    const plan = { discordance: 0.1, margin: 0.03, confidence: 0.95, power: 0.8 };
    expect(rowsForNonInferiority({ ...plan, difference: -0.01 })).toBeGreaterThan(
      2 * rowsForNonInferiority({ ...plan, difference: 0 }),
    );
    expect(() => rowsForNonInferiority({ ...plan, difference: -0.03 })).toThrow(RangeError);
  });

  test('scaling an interval agrees with the formula where the interval is that of the formula', () => {
    const half = 1.959963985 * Math.sqrt(0.2 / 400);
    const rows = rowsByScaling({ n: 400, low: -half, high: half, distance: 0.03, confidence: 0.95, power: 0.8 });
    const plan = { discordance: 0.2, margin: 0.03, difference: 0, confidence: 0.95, power: 0.8 };
    expect(Math.abs(rows - rowsForNonInferiority(plan))).toBeLessThanOrEqual(1);
  });

  test.each([
    { repeats: 1, rows: 3876 },
    { repeats: 2, rows: 2423 },
    { repeats: 5, rows: 1551 },
    { repeats: 10, rows: 1260 },
    { repeats: Number.POSITIVE_INFINITY, rows: 969 },
  ])('graded scores with $repeats answers a question agree with Miller', ({ repeats, rows }) => {
    const found = rowsForGradedScores({
      difference: 0.03,
      between: 1 / 9,
      within: [1 / 6, 1 / 6],
      repeats: [repeats, repeats],
      confidence: 0.95,
      power: 0.8,
    });
    expect(Math.abs(found - rows)).toBeLessThanOrEqual(1);
  });

  test.each([
    { n: 200, points: 8.9 },
    { n: 500, points: 5.6 },
    { n: 1000, points: 4.0 },
    { n: 2000, points: 2.8 },
  ])('$n rows find a difference of $points points at a discordance of 0.2', ({ n, points }) => {
    const plan = { discordance: 0.2, confidence: 0.95, power: 0.8 };
    expect(100 * minimumDetectable(plan, n)).toBeCloseTo(points, 1);
  });

  test('the power at the number of rows that a plan names is the power asked for', () => {
    const n = rowsForNonInferiority({
      discordance: 0.2,
      margin: 0.03,
      difference: -0.005,
      confidence: 0.95,
      power: 0.8,
    });
    const variance = 0.2 - 0.005 ** 2;
    expect(powerForNonInferiority({ n, margin: 0.03, difference: -0.005, variance, confidence: 0.95 })).toBeCloseTo(
      0.8,
      3,
    );
  });

  test('rows in clusters need as many times more as the design effect says', () => {
    expect(1742 * designEffect([10, 10, 10, 10], 0.05)).toBeCloseTo(2525.9, 6);
  });

  test('two arms right on 90 % and 80 % differ on at most 26 % of rows', () => {
    expect(largestDiscordance(0.9, 0.8)).toBeCloseTo(0.26, 12);
  });

  test('an impossible plan is an error', () => {
    expect(() => rowsForSuperiority({ discordance: 0.1, difference: 0, confidence: 0.95, power: 0.8 })).toThrow(
      RangeError,
    );
    expect(() => rowsByScaling({ n: 10, low: 0, high: 1, distance: 0, confidence: 0.95, power: 0.8 })).toThrow(
      RangeError,
    );
  });
});
