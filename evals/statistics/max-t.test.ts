import { describe, expect, test } from 'vitest';
import { normalQuantile } from './distributions.ts';
import { maxT } from './max-t.ts';
import { pairedT } from './paired-t.ts';
import { createRandom } from './random.ts';

const random = createRandom(31);
const draw = (count: number, shift: number): Float64Array =>
  Float64Array.from({ length: count }, () => random() - 0.5 + shift);
const plan = { mean: 0, alpha: 0.05, seed: 3, resamples: 4000 };

describe('max-T', () => {
  test('for one candidate the critical value is about that of one test, and the statistic that of the t test', () => {
    const values = draw(400, 0.02);
    const found = maxT({ ...plan, differences: [values] });
    const t = pairedT(values, 0.95);
    expect(found.statistics[0]).toBeCloseTo(t.mean / t.standardError, 10);
    expect(Math.abs(found.critical - normalQuantile(0.95))).toBeLessThan(0.1);
    expect(Math.abs((found.adjusted[0] ?? 1) - t.p / 2)).toBeLessThan(0.015);
  });

  test('five independent candidates need about what Šidák asks for', () => {
    const found = maxT({ ...plan, differences: Array.from({ length: 5 }, () => draw(400, 0)) });
    expect(Math.abs(found.critical - normalQuantile(0.95 ** (1 / 5)))).toBeLessThan(0.15);
  });

  test('five copies of one candidate cost no more than one', () => {
    const values = draw(300, 0.03);
    const one = maxT({ ...plan, differences: [values] });
    const five = maxT({ ...plan, differences: [values, values, values, values, values] });
    expect(five.critical).toBe(one.critical);
    expect(new Set(five.adjusted)).toEqual(new Set(one.adjusted));
  });

  test('the margin is the hypothesised mean, and clusters are drawn as a whole', () => {
    const values = draw(300, 0);
    const clusters = Array.from(values, (_, row) => `g${row % 10}`);
    const atMargin = maxT({ ...plan, mean: -0.05, differences: [values] });
    expect(atMargin.adjusted[0]).toBeLessThan(maxT({ ...plan, differences: [values] }).adjusted[0] ?? 0);
    expect(maxT({ ...plan, clusters, differences: [values] }).critical).toBeGreaterThan(1.5);
  });

  test('no candidates and a single unit are errors', () => {
    expect(() => maxT({ ...plan, differences: [] })).toThrow(RangeError);
    expect(() => maxT({ ...plan, differences: [[1, 2]], clusters: ['a', 'a'] })).toThrow(RangeError);
  });
});
