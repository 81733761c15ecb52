import { describe, expect, test } from 'vitest';
import { capitalPart, clusterExactPart, countPart } from './cluster-exact.ts';
import { clusterTotals, type ClusterTotals } from './cluster-totals.ts';

/** Clusters of which every row has the same value. */
function wholeClusters(means: readonly number[], sizes: readonly number[]): ClusterTotals {
  const rows = means.flatMap((mean, cluster) => Array.from({ length: sizes[cluster] ?? 0 }, () => ({ mean, cluster })));
  return clusterTotals(
    rows.map(({ mean }) => mean),
    rows.map(({ cluster }) => `g${cluster}`),
  );
}

const same = (length: number, value: number): number[] => Array.from({ length }, () => value);

describe('what holds for any independent clusters', () => {
  test('twelve tied clusters have the exact binomial bound of none lost in twelve, 26.46 %', () => {
    const found = clusterExactPart(wholeClusters(same(12, 0), same(12, 5)), 0.95);
    expect(found.low).toBeCloseTo(-(1 - 0.025 ** (1 / 12)), 12);
    expect(found.low).toBeCloseTo(-0.2646, 4);
    expect(found.high).toBeCloseTo(-found.low, 12);
  });

  test('clusters that are all won, or all lost, have the same bound about twice the way', () => {
    const won = clusterExactPart(wholeClusters(same(5, 1), same(5, 2)), 0.95);
    expect(won.low).toBeCloseTo(2 * 0.025 ** (1 / 5) - 1, 12);
    expect(won.high).toBe(1);
    expect(clusterExactPart(wholeClusters(same(5, -1), same(5, 2)), 0.95).high).toBeCloseTo(-won.low, 12);
  });

  test('with sizes 2 and 1, means ½ and 0, it is 0.025^(2/3) · 1.5^(2/3) − 1', () => {
    const { low, high } = capitalPart(wholeClusters([0.5, 0], [2, 1]), 0.95);
    expect(low).toBeCloseTo(-0.888, 4);
    expect(high).toBeCloseTo(1 - 0.025 ** (2 / 3) * 0.5 ** (2 / 3), 12);
  });

  test('clusters of unequal size count as rows / largest size: 1, 1, 2 and 4 rows as two', () => {
    expect(capitalPart(wholeClusters(same(4, 0), [1, 1, 2, 4]), 0.95).low).toBeCloseTo(0.025 ** (1 / 2) - 1, 12);
  });

  test('one or two lost clusters of thirty have the Poisson limits 5.572 and 7.225', () => {
    for (const [lost, limit] of [
      [1, 5.5716],
      [2, 7.2247],
    ] as const) {
      const totals = wholeClusters([...same(lost, -1), ...same(30 - lost, 0)], same(30, 2));
      expect(30 * countPart(totals, 0.95).low).toBeCloseTo(-limit, 3);
      expect(clusterExactPart(totals, 0.95).low).toBe(countPart(totals, 0.95).low);
    }
  });

  test('too many lost clusters leave no bound', () => {
    expect(clusterExactPart(wholeClusters([-1, -1, 0, 1], same(4, 3)), 0.95).low).toBe(-1);
  });

  test('the ends agree with the one-sided p values', () => {
    for (const means of [same(8, 0), [0.2, -0.4, 0, 0, 0.5, 0, 0, 0], [-1, 0, 0, 0, 0, 0, 0, 0]]) {
      const totals = wholeClusters(means, [4, 3, 4, 2, 5, 5, 4, 1]);
      for (const part of [capitalPart(totals, 0.95), countPart(totals, 0.95), clusterExactPart(totals, 0.95)]) {
        expect(part.low === -1 || Math.abs(part.pAbove(part.low) - 0.025) < 1e-9).toBe(true);
        expect(part.pAbove(0.99)).toBe(1);
      }
    }
  });

  // All outcomes of ten clusters that are lost by `loss` with chances of their own, the largest clusters most often.
  test.each([
    { loss: 1, sizes: same(10, 3), lean: 0 },
    { loss: 0.5, sizes: same(10, 3), lean: 0 },
    { loss: 0.2, sizes: same(10, 3), lean: 0 },
    { loss: 1, sizes: [9, 7, 5, 4, 3, 2, 2, 1, 1, 1], lean: 0 },
    { loss: 1, sizes: [9, 7, 5, 4, 3, 2, 2, 1, 1, 1], lean: 1 },
    { loss: 0.5, sizes: [9, 9, 9, 1, 1, 1, 1, 1, 1, 1], lean: 2 },
  ])('over all outcomes low lies above the mean with a chance of 2.5 % at most: %o', ({ loss, sizes, lean }) => {
    const rows = sizes.reduce((sum, size) => sum + size, 0);
    const outcomes = Array.from({ length: 1024 }, (_, bits) => {
      const lost = sizes.map((__, cluster) => ((bits >> cluster) & 1) === 1);
      const { low } = clusterExactPart(
        wholeClusters(
          lost.map((is) => (is ? -loss : 0)),
          sizes,
        ),
        0.95,
      );
      return { lost, low };
    });
    let highest = 0;
    for (let chance = 0.05; chance < 1; chance += 0.01) {
      const chances = sizes.map((size) => chance * (size / Math.max(...sizes)) ** lean);
      const mean = -chances.reduce((sum, one, cluster) => sum + (one * loss * (sizes[cluster] ?? 0)) / rows, 0);
      const missed = outcomes.reduce((sum, { lost, low }) => {
        const probability = lost.reduce(
          (all, is, cluster) => all * (is ? (chances[cluster] ?? 0) : 1 - (chances[cluster] ?? 0)),
          1,
        );
        return sum + (low > mean + 1e-12 ? probability : 0);
      }, 0);
      highest = Math.max(highest, missed);
    }
    expect(highest).toBeLessThanOrEqual(0.025);
    // The bound is near what it allows for where whole clusters of one size are lost.
    expect(highest).toBeGreaterThan(loss === 1 && lean === 0 && sizes[0] === 3 ? 0.015 : -1);
  });
});
