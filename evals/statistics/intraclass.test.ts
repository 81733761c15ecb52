import { describe, expect, test } from 'vitest';
import { clusterTotals } from './cluster-totals.ts';
import { designEffect, varianceComponents } from './intraclass.ts';

describe('intraclass correlation', () => {
  test('agrees with an analysis of variance by hand', () => {
    // Means 2, 5, 8; between 54 on 2 degrees of freedom, within 6 on 6: (27 − 1) / (27 + 2 · 1).
    const found = varianceComponents(
      clusterTotals([1, 2, 3, 4, 5, 6, 7, 8, 9], ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c']),
    );
    expect(found.icc).toBeCloseTo(26 / 29, 12);
    expect(found.within).toBeCloseTo(1, 12);
    expect(found.between).toBeCloseTo(26 / 3, 12);
  });

  test('unequal clusters use the typical size', () => {
    // Sizes 1, 2, 3: typical size (6 − 14 / 6) / 2 = 11 / 6. Between 1.5 on 2, within 4 on 3.
    const found = varianceComponents(clusterTotals([1, 0, 2, 0, 0, 3 - 3], ['a', 'b', 'b', 'c', 'c', 'c']));
    const between = 1 + 2 + 0 - 6 * 0.25;
    expect(found.within).toBeCloseTo(2 / 3, 12);
    expect(found.between).toBeCloseTo((between / 2 - 2 / 3) / (11 / 6), 12);
  });

  test('rows that disagree within clusters give 0, not less', () => {
    expect(varianceComponents(clusterTotals([1, -1, 1, -1], ['a', 'a', 'b', 'b'])).icc).toBe(0);
  });

  test('values that never vary, and clusters of one row, have no correlation', () => {
    expect(varianceComponents(clusterTotals([1, 1, 1, 1], ['a', 'a', 'b', 'b'])).icc).toBe(0);
    expect(varianceComponents(clusterTotals([1, 0, 1], ['a', 'b', 'c'])).icc).toBe(0);
  });

  test('the design effect of equal clusters is 1 + (m − 1) ICC', () => {
    expect(designEffect([10, 10, 10], 0.05)).toBeCloseTo(1.45, 12);
    expect(designEffect([1, 1, 1], 0.9)).toBe(1);
    expect(designEffect([1, 19], 0.1)).toBeCloseTo(1 + (362 / 20 - 1) * 0.1, 12);
  });
});
