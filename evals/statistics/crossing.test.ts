import { describe, expect, test } from 'vitest';
import { crossing } from './crossing.ts';

describe('crossing', () => {
  test('finds where a falling statistic takes its target', () => {
    expect(crossing((x) => 1 - x ** 3, 0.5, -1, 1)).toBeCloseTo(0.5 ** (1 / 3), 12);
    expect(crossing((x) => -Math.atan(1e6 * (x - 0.123)), 0, -1, 1)).toBeCloseTo(0.123, 12);
  });

  test('stays at the end of the range when the statistic never crosses', () => {
    expect(crossing(() => 3, 0, -1, 0.25)).toBeCloseTo(0.25, 11);
    expect(crossing(() => -3, 0, -1, 0.25)).toBeCloseTo(-1, 11);
  });

  test('an infinite statistic near an end does no harm', () => {
    expect(crossing((x) => 1 / (x + 1) - 4, 0, -1, 1)).toBeCloseTo(-0.75, 12);
    expect(crossing((x) => (x < 0 ? Number.POSITIVE_INFINITY : -x), 0, -1, 1)).toBeCloseTo(0, 12);
  });

  test('takes few steps on a smooth statistic', () => {
    let steps = 0;
    crossing(
      (x) => {
        steps += 1;
        return -Math.sinh(3 * (x - 0.4));
      },
      0.1,
      -1,
      1,
    );
    expect(steps).toBeLessThan(25);
  });
});
