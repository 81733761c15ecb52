import { describe, expect, test } from 'vitest';
import { clusterTotals } from './cluster-totals.ts';

describe('cluster totals', () => {
  test('rows are summed by cluster, wherever they stand', () => {
    const found = clusterTotals([1, 0, -1, 1, 0.5], ['a', 'b', 'a', 'c', 'a']);
    expect([...found.sums]).toEqual([0.5, 0, 1]);
    expect([...found.sizes]).toEqual([3, 1, 1]);
    expect(found.mean).toBeCloseTo(0.3, 12);
    expect(found.squares).toBeCloseTo(3.25, 12);
  });

  test('a cluster whose rows cancel is informative, one of zeros is not', () => {
    expect(clusterTotals([1, -1, 0, 0], ['a', 'a', 'b', 'b']).informative).toBe(1);
  });

  test('no rows, names that do not match and NaN are errors', () => {
    expect(() => clusterTotals([], [])).toThrow(RangeError);
    expect(() => clusterTotals([1, 2], ['a'])).toThrow('2 values with 1 cluster names');
    expect(() => clusterTotals([Number.NaN, 2], ['a', 'b'])).toThrow('finite');
  });
});
