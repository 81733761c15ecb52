import { describe, expect, test } from 'vitest';
import { krippendorffAlpha } from './krippendorff.ts';

/** The example of Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, part C: four raters, twelve items. */
const raters = [
  [1, 2, 3, 3, 2, 1, 4, 1, 2, null, null, null],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, null, 3],
  [null, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, null],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, null],
];
const items = Array.from({ length: 12 }, (_, item) => raters.map((ratings) => ratings[item] ?? null));

describe('Krippendorff’s alpha', () => {
  test('agrees with the published example', () => {
    expect(krippendorffAlpha(items, 'nominal')).toBeCloseTo(0.743, 3);
    expect(krippendorffAlpha(items, 'interval')).toBeCloseTo(0.849, 3);
  });

  test('full agreement is 1', () => {
    expect(
      krippendorffAlpha(
        [
          [1, 1],
          [2, 2, 2],
          [3, null],
        ],
        'nominal',
      ),
    ).toBe(1);
  });

  test('no item with two ratings, and ratings that never vary, are errors', () => {
    expect(() => krippendorffAlpha([[1], [2, null]], 'nominal')).toThrow(RangeError);
    expect(() =>
      krippendorffAlpha(
        [
          [1, 1],
          [1, 1],
        ],
        'interval',
      ),
    ).toThrow('no value');
  });
});
