import { describe, expect, test } from 'vitest';
import { cohenKappa } from './kappa.ts';

/** Ratings from a table of counts. */
function ratings(table: readonly (readonly number[])[]): [Int32Array, Int32Array] {
  const pairs = table.flatMap((counts, row) =>
    counts.flatMap((count, column) => Array.from({ length: count }, () => [row, column] as const)),
  );
  return [Int32Array.from(pairs, ([row]) => row), Int32Array.from(pairs, ([, column]) => column)];
}

const [first, second] = ratings([
  [22, 3, 1],
  [4, 15, 6],
  [2, 5, 12],
]);

describe('Cohen’s kappa', () => {
  test.each([
    { weights: 'none', kappa: 0.5457354759, error: 0.0819533602, low: 0.3851098416, high: 0.7063611102 },
    { weights: 'linear', kappa: 0.6058188644, error: 0.0774377167, low: 0.4540437286, high: 0.757594 },
    { weights: 'quadratic', kappa: 0.667405765, error: 0.0820355147, low: 0.5066191106, high: 0.8281924192 },
  ] as const)('with weights $weights agrees with statsmodels', ({ weights, kappa, error, low, high }) => {
    const found = cohenKappa(first, second, 3, 0.95, weights);
    expect(found.kappa).toBeCloseTo(kappa, 9);
    expect(found.standardError).toBeCloseTo(error, 9);
    expect(found.low).toBeCloseTo(low, 9);
    expect(found.high).toBeCloseTo(high, 9);
    expect(found.agreement).toBeCloseTo(0.7, 12);
    expect(found.n).toBe(70);
  });

  test('full agreement is 1, and agreement as chance has it is 0', () => {
    expect(cohenKappa(first, first, 3, 0.95).kappa).toBeCloseTo(1, 12);
    const [one, other] = ratings([
      [25, 25],
      [25, 25],
    ]);
    expect(cohenKappa(one, other, 2, 0.95).kappa).toBeCloseTo(0, 12);
  });

  test('raters who never vary have no kappa; codes out of range and no items are errors', () => {
    const same = Int32Array.of(1, 1, 1);
    expect(() => cohenKappa(same, same, 2, 0.95)).toThrow('no value');
    expect(() => cohenKappa(Int32Array.of(0), Int32Array.of(2), 2, 0.95)).toThrow('item 0');
    expect(() => cohenKappa(Int32Array.of(), Int32Array.of(), 2, 0.95)).toThrow(RangeError);
  });
});
