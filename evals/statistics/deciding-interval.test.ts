import { describe, expect, test } from 'vitest';
import { decidingInterval, type Evidence } from './deciding-interval.ts';
import { codeAnswers, macroF1 } from './macro-f1.ts';
import { createRandom } from './random.ts';
import { tangoInterval } from './tango.ts';

const random = createRandom(21);
const graded = Array.from({ length: 120 }, () => Math.round(20 * (random() - random())) / 20);
const binary = Array.from({ length: 160 }, (_, row) => (row < 30 ? 1 : row < 45 ? -1 : 0));
const groups = (count: number): string[] => Array.from({ length: 160 }, (_, row) => `g${row % count}`);

const truth = Array.from({ length: 160 }, (_, row) => `label ${row % 4}`);
const ours = codeAnswers(truth.map((expected, row) => ({ expected, parsed: row % 5 === 0 ? 'label 0' : expected })));
const theirs = codeAnswers(truth.map((expected, row) => ({ expected, parsed: row % 3 === 0 ? 'label 1' : expected })));
const metric: Evidence = {
  kind: 'metric',
  statistic: (rows) => macroF1(ours, rows) - macroF1(theirs, rows),
  rows: 160,
  seed: 5,
  resamples: 2000,
};

const evidence: Record<string, Evidence> = {
  'binary rows': { kind: 'rows', differences: binary },
  'graded rows': { kind: 'rows', differences: graded },
  'binary rows in clusters': { kind: 'rows', differences: binary, clusters: groups(20) },
  'graded rows in clusters': { kind: 'rows', differences: graded, clusters: groups(15).slice(0, 120) },
  'a metric': metric,
  'a metric over clusters': { ...metric, clusters: groups(32) },
};

describe('the deciding interval', () => {
  test.each(Object.entries(evidence))('of %s agrees with its one-sided p value', (_, given) => {
    const { difference, low, high, pAbove } = decidingInterval(given, 0.95);
    expect(low).toBeLessThan(difference);
    expect(high).toBeGreaterThan(difference);
    // Resampled ends are read between order statistics, so the p value there is right to about one in two thousand.
    expect(pAbove(low)).toBeCloseTo(0.025, given.kind === 'metric' ? 2 : 8);
    expect(pAbove(low - 0.01)).toBeLessThan(0.025);
    expect(pAbove(low + 0.01)).toBeGreaterThan(0.025);
  });

  test('binary rows are decided by Tango', () => {
    const found = decidingInterval({ kind: 'rows', differences: binary }, 0.95);
    expect(found).toMatchObject({
      ...tangoInterval({ wins: 30, losses: 15, n: 160 }, 0.95),
      method: 'Tango score interval',
    });
  });

  test('a single score between right and wrong makes rows graded', () => {
    const found = decidingInterval({ kind: 'rows', differences: [...binary, 0.5] }, 0.95);
    expect(found.method).toBe('hull of bounded score interval and paired t interval');
  });

  test('clusters never make the interval of rows narrower', () => {
    for (const count of [4, 20, 80, 159]) {
      const alone = decidingInterval({ kind: 'rows', differences: binary }, 0.95);
      const grouped = decidingInterval({ kind: 'rows', differences: binary, clusters: groups(count) }, 0.95);
      expect(grouped.low).toBeLessThanOrEqual(alone.low);
      expect(grouped.high).toBeGreaterThanOrEqual(alone.high);
      expect(grouped.few).toBe(count < 10);
      expect(grouped.units).toBe(count);
    }
  });

  test.each([
    { what: 'ties alone', first: [0], low: -0.2646, high: 0.2646 },
    // One row of five won: 0.025^(1/12) 1.2^(1/12) - 1, and 1 - 0.025^(1/12) 0.8^(1/12).
    { what: 'one row won', first: [1], low: -0.2534, high: 0.2782 },
  ])('$what in sixty rows of twelve groups is no less sure than an exact bound', ({ first, low, high }) => {
    const differences = Array.from({ length: 60 }, (_, row) => first[row] ?? 0);
    const found = decidingInterval({ kind: 'rows', differences, clusters: groups(12).slice(0, 60) }, 0.95);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
    expect(found.pAbove(found.low)).toBeCloseTo(0.025, 8);
    expect(found.method).toMatch(/over 12 groups \(the last two cut at an exact bound\)$/u);
  });

  test('clusters of one row each are independent rows', () => {
    const own = binary.map((_, row) => `row ${row}`);
    expect(decidingInterval({ kind: 'rows', differences: binary, clusters: own }, 0.95).units).toBe(160);
    expect(decidingInterval({ kind: 'rows', differences: binary, clusters: own }, 0.95).method).toBe(
      'Tango score interval',
    );
  });

  test('one cluster says nothing about others', () => {
    for (const given of [{ kind: 'rows', differences: binary } as const, metric]) {
      const found = decidingInterval({ ...given, clusters: groups(1) }, 0.95);
      expect(found).toMatchObject({ low: -1, high: 1, units: 1, few: true });
      expect(found.pAbove(-0.5)).toBe(1);
    }
  });

  test('the same evidence gives the same interval', () => {
    const first = decidingInterval(metric, 0.95);
    const again = decidingInterval(metric, 0.95);
    expect([first.low, first.high]).toEqual([again.low, again.high]);
  });

  test('no rows, and a difference that no pair of scores has, are errors', () => {
    expect(() => decidingInterval({ kind: 'rows', differences: [] }, 0.95)).toThrow('no rows');
    expect(() => decidingInterval({ kind: 'rows', differences: [2] }, 0.95)).toThrow(RangeError);
    expect(() => decidingInterval({ kind: 'rows', differences: [0.5, 1], clusters: ['a'] }, 0.95)).toThrow(RangeError);
  });
});
