import { describe, expect, test } from 'vitest';
import { f1OfCounts, pooledF1, rowF1 } from './count-f1.ts';

const counts = {
  expected: Float64Array.of(2, 0, 3, 1),
  given: Float64Array.of(2, 0, 1, 2),
  matched: Float64Array.of(1, 0, 1, 0),
};

describe('F1 from counts', () => {
  test('pooled over rows it is 2 matched / (expected + given)', () => {
    expect(pooledF1(counts)).toBeCloseTo(4 / 11, 12);
    expect(pooledF1(counts, Int32Array.of(2, 2))).toBeCloseTo(0.5, 12);
  });

  test('row by row, naming nothing where there is nothing is right', () => {
    expect([...rowF1(counts)]).toEqual([0.5, 1, 0.5, 0]);
  });

  test('partial matches may count in part', () => {
    expect(f1OfCounts(2, 2, 1.5)).toBe(0.75);
  });

  test('more matches than items, and no rows, are errors', () => {
    expect(() => f1OfCounts(1, 3, 2)).toThrow(RangeError);
    expect(() => pooledF1(counts, Int32Array.of())).toThrow(RangeError);
  });
});
