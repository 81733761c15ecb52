import { describe, expect, test } from 'vitest';
import { meanOf } from './bootstrap.ts';
import { quantile, resample } from './resample.ts';

describe('resampling', () => {
  test('every row is drawn about equally often', () => {
    const drawn = new Float64Array(10);
    resample({ rows: 10, seed: 4, resamples: 20_000 }, (rows) => {
      for (const row of rows) {
        drawn[row] = (drawn[row] ?? 0) + 1;
      }
      return 0;
    });
    for (const count of drawn) {
      expect(Math.abs(count - 20_010)).toBeLessThan(600);
    }
  });

  test('the jackknife leaves out each unit once, and clusters as a whole', () => {
    const seen: number[][] = [];
    resample({ rows: 5, clusters: ['a', 'b', 'a', 'c', 'c'], seed: 1, resamples: 1 }, (rows) => {
      seen.push([...rows].toSorted((left, right) => left - right));
      return 0;
    });
    expect(seen.slice(2)).toEqual([
      [1, 3, 4],
      [0, 2, 3, 4],
      [0, 1, 2],
    ]);
  });

  test('above a thousand units the jackknife leaves out blocks, and the last may be shorter', () => {
    const lengths: number[] = [];
    const { jackknife } = resample({ rows: 2001, seed: 1, resamples: 1 }, (rows) => lengths.push(rows.length));
    expect(jackknife).toHaveLength(667);
    expect(new Set(lengths.slice(2))).toEqual(new Set([1998]));
    const shorter: number[] = [];
    resample({ rows: 1001, seed: 1, resamples: 1 }, (rows) => shorter.push(rows.length));
    expect(shorter.at(-1)).toBe(1000);
  });

  test('the same seed gives the same replicates', () => {
    const values = Float64Array.of(1, 2, 3, 4, 5, 6);
    const plan = { rows: 6, seed: 11, resamples: 50 };
    expect(resample(plan, meanOf(values)).replicates).toEqual(resample(plan, meanOf(values)).replicates);
    expect(resample(plan, meanOf(values)).replicates).not.toEqual(
      resample({ ...plan, seed: 12 }, meanOf(values)).replicates,
    );
  });

  test('quantiles interpolate as numpy does', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4], 0.95)).toBeCloseTo(3.85, 12);
    expect(quantile([5], 0.3)).toBe(5);
  });
});
