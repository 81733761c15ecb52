import { describe, expect, test } from 'vitest';
import { clusterInterval } from './cluster.ts';
import { tQuantile } from './distributions.ts';

const values = [1, 0, 0, 1, 1, 0, 0, -1, 1, 0];
const clusters = ['1', '1', '1', '2', '2', '3', '3', '3', '4', '4'];

describe('cluster-robust interval', () => {
  test('mean, standard error and p value agree with statsmodels', () => {
    const found = clusterInterval(values, clusters, 0.95);
    expect(found.mean).toBeCloseTo(0.3, 12);
    expect(found.standardError).toBeCloseTo(0.2766466, 7);
    expect(found.p).toBeCloseTo(0.3575478, 7);
    expect(found.high - found.mean).toBeCloseTo(tQuantile(0.975, 3) * found.standardError, 10);
    expect(found.clusters).toBe(4);
  });

  test('fewer than ten clusters are pointed out', () => {
    expect(clusterInterval(values, clusters, 0.95).fewClusters).toBe(true);
    const own = values.map((_, row) => `row ${row}`);
    expect(clusterInterval(values, own, 0.95).fewClusters).toBe(false);
  });

  test('with one row a cluster it is the ordinary t interval', () => {
    const own = values.map((_, row) => `row ${row}`);
    expect(clusterInterval(values, own, 0.95).standardError).toBeCloseTo(0.2134375, 7);
  });

  test('rows that repeat each other within a cluster widen the interval', () => {
    const repeated = [...values, ...values, ...values];
    const own = repeated.map((_, row) => `row ${row}`);
    const shared = repeated.map((_, row) => `row ${row % values.length}`);
    const width = (names: string[]): number => {
      const { low, high } = clusterInterval(repeated, names, 0.95);
      return high - low;
    };
    expect(width(shared)).toBeGreaterThan(1.5 * width(own));
  });

  test('one cluster, no rows and NaN are errors', () => {
    expect(() => clusterInterval([1, 0], ['a', 'a'], 0.95)).toThrow('at least two clusters');
    expect(() => clusterInterval([], [], 0.95)).toThrow(RangeError);
    expect(() => clusterInterval([Number.NaN, 1], ['a', 'b'], 0.95)).toThrow(RangeError);
    expect(() => clusterInterval([1], ['a', 'b'], 0.95)).toThrow(RangeError);
  });
});
