import { describe, expect, it } from 'vitest';
import { balancePlan, copiesOf } from './balance-plan.ts';
import { balanceReport } from './balance-report.ts';

const counts = new Map([
  ['frequent', 1000],
  ['usual', 101],
  ['rare', 10],
  ['absent', 0],
]);

describe('the balance plan', () => {
  it('lowers frequent outputs to the ratio over the rarest that has rows', () => {
    expect(Object.fromEntries(balancePlan(counts, { method: 'undersample', ratio: 1 }))).toEqual({
      frequent: 10,
      usual: 10,
      rare: 10,
      absent: 0,
    });
    expect(balancePlan(counts, { method: 'undersample', ratio: 15.5 }).get('usual')).toBe(101);
    expect(balancePlan(counts, { method: 'undersample', ratio: 15.55 }).get('frequent')).toBe(155);
  });

  it('raises rare outputs to the ratio under the most frequent one', () => {
    expect(Object.fromEntries(balancePlan(counts, { method: 'oversample', ratio: 3 }))).toEqual({
      frequent: 1000,
      usual: 334,
      rare: 334,
      absent: 0,
    });
  });

  it('changes nothing where the outputs are even enough, or there are none', () => {
    for (const method of ['undersample', 'oversample'] as const) {
      expect(balancePlan(counts, { method, ratio: 100 })).toEqual(counts);
      expect(balancePlan(new Map(), { method, ratio: 1 })).toEqual(new Map());
    }
  });

  it.each([
    [10, 0],
    [10, 3],
    [10, 10],
    [10, 34],
    [7, 700],
    [1, 5],
  ])('takes of %i rows exactly %i copies, no row twice more than another, the first ones most', (count, target) => {
    const copies = Array.from({ length: count }, (_, rank) => copiesOf(rank, count, target));
    expect(copies.reduce((sum, times) => sum + times, 0)).toBe(target);
    expect(Math.max(...copies) - Math.min(...copies)).toBeLessThanOrEqual(1);
    expect(copies).toEqual(copies.toSorted((left, right) => right - left));
  });
});

describe('the balance report', () => {
  it('gives counts, shares, imbalance and evenness', () => {
    const report = balanceReport(
      new Map([
        ['b', 1],
        ['a', 1],
        ['c', 2],
        ['none', 0],
      ]),
    );
    expect(report?.outputs.map(({ output }) => output)).toEqual(['c', 'a', 'b']);
    expect(report?.outputs[0]).toEqual({ output: 'c', count: 2, share: 0.5 });
    expect(report?.imbalance).toBe(2);
    // Shares of 1/2, 1/4 and 1/4 have 1.5 bits, of log2(3).
    expect(report?.evenness).toBeCloseTo(1.5 / Math.log2(3), 12);
  });

  it('is even for equal counts, 0 for one output, and absent without rows', () => {
    const even = ['a', 'b', 'c'].map((output) => [output, 5] as const);
    expect(balanceReport(new Map(even))?.evenness).toBeCloseTo(1, 12);
    expect(balanceReport(new Map([['a', 5]]))).toMatchObject({ evenness: 0, imbalance: 1 });
    expect(balanceReport(new Map([['a', 0]]))).toBeUndefined();
  });
});
