import { describe, expect, test } from 'vitest';
import { boundedScoreZ, countValues } from './bounded-score.ts';
import { clusterScoreZ } from './cluster-score.ts';
import { clusterTotals } from './cluster-totals.ts';

describe('cluster score test', () => {
  test('with one row a cluster it is the score test of rows, as long as no row is lost outright', () => {
    const values = [0.2, 0.1, 0, 0.4, 0.15, 0.3];
    const totals = clusterTotals(
      values,
      values.map((_, row) => `row ${row}`),
    );
    expect(clusterScoreZ(totals, 0, -0.05)).toBeCloseTo(boundedScoreZ(countValues(values), -0.05), 10);
  });

  test('ten clusters of fifty ties do not show what five hundred tied rows would', () => {
    const values = Array.from({ length: 500 }, () => 0);
    const totals = clusterTotals(
      values,
      values.map((_, row) => `g${row % 10}`),
    );
    expect(boundedScoreZ(countValues(values), -0.03)).toBeGreaterThan(1.96);
    expect(clusterScoreZ(totals, 0, -0.03)).toBeLessThan(1.96);
  });

  test('the more alike the rows of a cluster, the less they show', () => {
    const values = Array.from({ length: 200 }, (_, row) => (row % 50 === 0 ? 1 : 0));
    const totals = clusterTotals(
      values,
      values.map((_, row) => `g${row % 20}`),
    );
    expect(clusterScoreZ(totals, 0.5, -0.05)).toBeLessThan(clusterScoreZ(totals, 0, -0.05));
  });

  test('swapping the arms turns the sign', () => {
    const values = [1, 0, 0, -1, 0, 1, 1, 0];
    const clusters = ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd'];
    const mirrored = values.map((value) => -value);
    expect(clusterScoreZ(clusterTotals(mirrored, clusters), 0.1, 0.02)).toBeCloseTo(
      -clusterScoreZ(clusterTotals(values, clusters), 0.1, -0.02),
      12,
    );
  });
});
