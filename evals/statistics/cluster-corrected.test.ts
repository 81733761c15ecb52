import { describe, expect, test } from 'vitest';
import { clusterInterval } from './cluster.ts';
import { correctedError, kurtosisFreedom } from './cluster-corrected.ts';
import { clusterTotals } from './cluster-totals.ts';
import { varianceComponents } from './intraclass.ts';

/** Degrees of freedom by the full matrix of Imbens and Kolesár, clusters by clusters. */
function freedomByMatrix(values: readonly number[], clusters: readonly string[]): number {
  const totals = clusterTotals(values, clusters);
  const { within, between } = varianceComponents(totals);
  const n = totals.rows;
  const shares = [...totals.sizes].map((size) => size / n);
  const variances = [...totals.sizes].map((size) => size * within + size * size * between);
  const all = variances.reduce((sum, variance) => sum + variance, 0);
  let [trace, norm] = [0, 0];
  for (const [g, shareG] of shares.entries()) {
    for (const [h, shareH] of shares.entries()) {
      const own = g === h ? (variances[g] ?? 0) : 0;
      const entry =
        (own - shareH * (variances[g] ?? 0) - shareG * (variances[h] ?? 0) + shareG * shareH * all) /
        Math.sqrt((1 - shareG) * (1 - shareH));
      trace += g === h ? entry : 0;
      norm += entry * entry;
    }
  }
  return (trace * trace) / norm;
}

describe('corrected cluster-robust error', () => {
  test('with clusters of equal size it is the CR1 error with G − 1 degrees of freedom', () => {
    const values = [1, 0, 0, 1, -1, 0, 1, 1, 0, 0, 0, -1];
    const clusters = values.map((_, row) => `g${row % 4}`);
    const found = correctedError(clusterTotals(values, clusters));
    expect(found.standardError).toBeCloseTo(clusterInterval(values, clusters, 0.95).standardError, 12);
    expect(found.degreesOfFreedom).toBeCloseTo(3, 10);
  });

  test('the degrees of freedom agree with the full matrix', () => {
    const values = [1, 0, 0, 1, 1, 0, 0, -1, 1, 0, 1, 1];
    const clusters = ['1', '1', '1', '2', '2', '3', '3', '3', '4', '4', '5', '1'];
    expect(correctedError(clusterTotals(values, clusters)).degreesOfFreedom).toBeCloseTo(
      freedomByMatrix(values, clusters),
      10,
    );
  });

  test('one cluster that holds most rows leaves little more than one degree of freedom', () => {
    const values = Array.from({ length: 100 }, (_, row) => (row % 3 === 0 ? 1 : 0));
    const clusters = values.map((_, row) => (row < 90 ? 'large' : `small ${row}`));
    expect(correctedError(clusterTotals(values, clusters)).degreesOfFreedom).toBeLessThan(2);
  });

  test('a cluster that stands out costs degrees of freedom, even ones do not', () => {
    // Sums of deviations ±1 each have kurtosis 1; one of 10 among nineteen small ones has nearly 20.
    const even = clusterTotals([1, -1, 1, -1], ['a', 'b', 'c', 'd']);
    expect(kurtosisFreedom(even)).toBe(Number.POSITIVE_INFINITY);
    const values = Array.from({ length: 20 }, (_, row) => (row === 0 ? 1 : row % 2 === 0 ? 0.01 : -0.01));
    const names = values.map((_, row) => `g${row}`);
    expect(kurtosisFreedom(clusterTotals(values, names))).toBeLessThan(3);
  });

  test('four clusters with deviations 3, −1, −1, −1 have the kurtosis 7/3 and six degrees of freedom', () => {
    expect(kurtosisFreedom(clusterTotals([1, 0, 0, 0], ['a', 'b', 'c', 'd']))).toBeCloseTo(6, 12);
  });

  test('a single cluster is an error', () => {
    expect(() => correctedError(clusterTotals([1, 0], ['a', 'a']))).toThrow('at least two clusters');
  });
});
