import { describe, expect, test } from 'vitest';
import { lengthAdjustedPreference } from './length-adjusted.ts';
import { createRandom } from './random.ts';

const preferences = [1, 0, 1, 0.5, 0.5, 1, 0, 0, 1, 1, 1, 0];
const lengths = [120, -40, 30, -10, 60, 200, -150, -20, 90, -70, 110, 15];

describe('length-adjusted preference', () => {
  test('agrees with a binomial model with robust errors in statsmodels', () => {
    const found = lengthAdjustedPreference(preferences, lengths, 0.95);
    expect(found?.preference).toBeCloseTo(0.505693922, 8);
    expect(found?.low).toBeCloseTo(0.2040752512, 8);
    expect(found?.high).toBeCloseTo(0.8032242501, 8);
    expect(found?.lengthCoefficient).toBeCloseTo(2.3205085747, 8);
  });

  test('a judge that only likes length shows no preference once length is out', () => {
    const random = createRandom(4);
    const differences = Array.from({ length: 2000 }, () => 100 * (random() - 0.2));
    const liked = differences.map((difference) => (random() < 1 / (1 + Math.exp(-difference / 20)) ? 1 : 0));
    const raw = liked.filter((one) => one === 1).length / 2000;
    const found = lengthAdjustedPreference(liked, differences, 0.95);
    expect(raw).toBeGreaterThan(0.65);
    expect(found?.low).toBeLessThan(0.5);
    expect(found?.high).toBeGreaterThan(0.5);
  });

  test('answers of equal length leave the raw preference', () => {
    const found = lengthAdjustedPreference(
      preferences,
      lengths.map(() => 0),
      0.95,
    );
    expect(found?.preference).toBeCloseTo(7 / 12, 10);
    expect(found?.lengthCoefficient).toBe(0);
  });

  test('where one side is always preferred there is no adjusted preference', () => {
    expect(
      lengthAdjustedPreference(
        preferences.map(() => 1),
        lengths,
        0.95,
      ),
    ).toBeNull();
  });
});
