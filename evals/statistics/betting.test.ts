import { describe, expect, test } from 'vitest';
import { anytimeInterval, anytimeLowerBound, bettingWealth, clusterMeans } from './betting.ts';
import { createRandom } from './random.ts';

/** Rows won, lost or tied, with a true mean of `mean`. */
function rows(count: number, discordance: number, mean: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => {
    const u = random();
    return u < (discordance + mean) / 2 ? 1 : u < discordance ? -1 : 0;
  });
}

describe('betting', () => {
  test('at the margin’s boundary, looked at after every row, at most 5 % of sequences are ever fooled', () => {
    let fooled = 0;
    for (let seed = 0; seed < 1000; seed += 1) {
      fooled += bettingWealth(rows(600, 0.2, -0.05, seed), -0.05, 0.05) >= 20 ? 1 : 0;
    }
    expect(fooled / 1000).toBeLessThan(0.05);
    expect(fooled).toBeGreaterThan(0);
  });

  test('equal arms are shown to be not worse by 5 points within 2,000 rows nearly always', () => {
    let shown = 0;
    for (let seed = 0; seed < 100; seed += 1) {
      shown += bettingWealth(rows(2000, 0.1, 0, seed), -0.05, 0.025) >= 40 ? 1 : 0;
    }
    expect(shown).toBeGreaterThan(95);
  });

  test('the lower bound is where the wealth reaches 1/α', () => {
    const given = rows(800, 0.3, 0.1, 4);
    const bound = anytimeLowerBound(given, 0.05);
    expect(bettingWealth(given, bound, 0.05)).toBeCloseTo(20, 4);
    expect(bettingWealth(given, bound - 0.01, 0.05)).toBeGreaterThan(20);
    expect(bound).toBeLessThan(0.1);
  });

  test('a bound never falls back as rows arrive', () => {
    const given = rows(400, 0.3, 0.1, 9);
    let last = -1;
    for (let seen = 0; seen <= 400; seen += 20) {
      const bound = anytimeLowerBound(given.subarray(0, seen), 0.05);
      expect(bound).toBeGreaterThanOrEqual(last - 1e-9);
      last = bound;
    }
  });

  test('the interval mirrors when arms are swapped, and narrows with rows', () => {
    const given = rows(500, 0.2, 0.05, 2);
    const { low, high } = anytimeInterval(given, 0.95);
    const mirrored = anytimeInterval(
      given.map((d) => -d),
      0.95,
    );
    expect(mirrored.low).toBeCloseTo(-high, 12);
    const more = anytimeInterval(rows(5000, 0.2, 0.05, 2), 0.95);
    expect(more.high - more.low).toBeLessThan(0.6 * (high - low));
  });

  test('clusters count once each, whatever their size', () => {
    expect([...clusterMeans([1, 0, -1, 0.5], ['a', 'b', 'a', 'c'])]).toEqual([0, 0, 0.5]);
    expect(() => clusterMeans([1], [])).toThrow(RangeError);
  });

  test('no rows say nothing; differences beyond [-1, 1] and a level that is none are errors', () => {
    expect(anytimeInterval([], 0.95)).toEqual({ low: -1, high: 1 });
    expect(bettingWealth([], -0.05, 0.05)).toBe(1);
    expect(() => bettingWealth([1.5], 0, 0.05)).toThrow(RangeError);
    expect(() => bettingWealth([1], 0, 0)).toThrow(RangeError);
  });
});
