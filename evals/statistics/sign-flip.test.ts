import { describe, expect, test } from 'vitest';
import { createRandom } from './random.ts';
import { pairedT } from './paired-t.ts';
import { signFlip } from './sign-flip.ts';

const differences = [0.2, -0.1, 0.3, 0.05, 0.4, -0.05, 0.1, 0.25];
const plan = { alternative: 'two-sided', seed: 1, resamples: 10_000 } as const;

describe('sign-flip test', () => {
  test('eight rows agree with the reference: 20 of 256 assignments', () => {
    expect(signFlip({ ...plan, differences })).toEqual({ p: 20 / 256, exact: true, units: 8 });
  });

  test('one-sided, half of the two-sided hits are on the observed side', () => {
    expect(signFlip({ ...plan, differences, alternative: 'greater' }).p).toBe(10 / 256);
    expect(signFlip({ ...plan, differences: differences.map((d) => -d), alternative: 'greater' }).p).toBeGreaterThan(
      0.95,
    );
  });

  test('many rows draw signs, and agree with the t test', () => {
    const random = createRandom(3);
    const many = Array.from({ length: 300 }, () => random() - 0.47);
    const found = signFlip({ ...plan, differences: many, resamples: 40_000 });
    expect(found.exact).toBe(false);
    expect(found.p).toBeCloseTo(pairedT(many, 0.95).p, 2);
    expect(signFlip({ ...plan, differences: many, resamples: 40_000 })).toEqual(found);
  });

  test('the hypothesised mean is taken off first: a margin makes equal arms not worse', () => {
    const flat = differences.map((d) => d - 0.14375);
    expect(signFlip({ ...plan, differences: flat, alternative: 'greater' }).p).toBeGreaterThan(0.4);
    expect(signFlip({ ...plan, differences: flat, mean: -0.2, alternative: 'greater' }).p).toBeLessThan(0.02);
  });

  test('clusters flip as a whole: five of them cannot reach a two-sided 5 %', () => {
    const clusters = Array.from({ length: 50 }, (_, row) => `g${row % 5}`);
    const found = signFlip({ ...plan, differences: clusters.map(() => 1), clusters });
    expect(found).toEqual({ p: 2 / 32, exact: true, units: 5 });
  });

  test('differences that are all 0 prove nothing', () => {
    expect(signFlip({ ...plan, differences: [0, 0, 0] }).p).toBe(1);
  });

  test('no differences and NaN are errors', () => {
    expect(() => signFlip({ ...plan, differences: [] })).toThrow(RangeError);
    expect(() => signFlip({ ...plan, differences: [Number.NaN] })).toThrow(RangeError);
    expect(() => signFlip({ ...plan, differences: [1, 2], clusters: ['a'] })).toThrow(RangeError);
  });
});
