// Properties of the split, over many seeds and shapes of data.
import { describe, expect, it } from 'vitest';
import type { SplitRecipe } from '../domain/recipe-dataset.ts';
import { inputKey } from './curated-row.ts';
import type { CuratedRow } from './curated-row.ts';
import { splitRows } from './split.ts';
import type { Splits } from './split.ts';

function rowsOf(count: number, rowsPerGroup: number, from = 0): CuratedRow[] {
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    const input = `text ${number}`;
    const group = `group ${Math.floor(number / rowsPerGroup)}`;
    return {
      id: `id-${number}`,
      input,
      output: 'x',
      group,
      origin: { file: 'f', line: number + 2 },
      key: inputKey(input),
    };
  });
}

const ids = (rows: readonly CuratedRow[]): string[] => rows.map((row) => row.id);
const groups = (rows: readonly CuratedRow[]): Set<string | undefined> => new Set(rows.map((row) => row.group));
const membership = (splits: Splits): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(splits).map(([name, rows]: [string, CuratedRow[]]) => [name, ids(rows).toSorted()]),
  );

const sizes = { train: 60, validation: 10, test: 20 };
const cases = (['random', 'group'] as const).flatMap((by) =>
  (['rows', 'groups'] as const).flatMap((sample) =>
    [100, 130, 2000].flatMap((rows) => [1, 2, 3, 4, 5].map((seed) => ({ by, sample, rows, seed }))),
  ),
);

describe.each(cases)(
  'a split by $by of $rows rows, sampling $sample, with seed $seed',
  ({ by, sample, rows: count, seed }) => {
    const split: SplitRecipe = { by, sample, seed, ...sizes };
    const rows = rowsOf(count, 4);
    const splits = splitRows(rows, split);

    it('has the sizes asked for and loses no row', () => {
      expect([splits.train.length, splits.validation.length, splits.test.length]).toEqual([60, 10, 20]);
      const all = [...splits.train, ...splits.validation, ...splits.test, ...splits.notSampled];
      expect(ids(all).toSorted()).toEqual(ids(rows).toSorted());
    });

    it('has no group in two splits', () => {
      if (by === 'group') {
        const seen = [groups(splits.train), groups(splits.validation), groups(splits.test)];
        const distinct = new Set(seen.flatMap((set) => [...set]));
        expect(distinct.size).toBe(seen.reduce((sum, set) => sum + set.size, 0));
      }
    });

    it('does not depend on the order of the rows', () => {
      const shuffled = rows.toSorted((left, right) => (left.key < right.key ? -1 : 1));
      expect(splitRows(shuffled, split)).toEqual({ ...splits, notSampled: expect.any(Array) });
      expect(membership(splitRows(rows.toReversed(), split))).toEqual(membership(splits));
    });

    it('never moves an old test row to train or an old train row to test when rows are appended', () => {
      for (const more of [1, 7, 40, 400]) {
        const later = splitRows([...rows, ...rowsOf(more, 4, count - 2)].filter(isFirst), split);
        const trained = new Set(ids(later.train));
        const tested = new Set(ids(later.test));
        expect(ids(splits.test).filter((id) => trained.has(id))).toEqual([]);
        expect(ids(splits.train).filter((id) => tested.has(id))).toEqual([]);
      }
    });
  },
);

describe('a split', () => {
  it('covers many groups when there are rows to spare', () => {
    const splits = splitRows(rowsOf(2000, 20), { by: 'group', sample: 'rows', seed: 7, ...sizes });
    // Taken whole, 20 rows would be one group.
    expect(groups(splits.test).size).toBeGreaterThan(5);
    expect(groups(splits.train).size).toBeGreaterThan(30);
  });

  it('that samples groups takes a row of every group before a second of any', () => {
    const splits = splitRows(rowsOf(2000, 20), { by: 'group', sample: 'groups', seed: 7, ...sizes });
    const zone = groups([...splits.test, ...splits.notSampled.filter(({ group }) => groups(splits.test).has(group))]);
    expect(groups(splits.test).size).toBe(Math.min(20, zone.size));
    const perGroup = new Map<string | undefined, number>();
    splits.train.forEach(({ group }) => perGroup.set(group, (perGroup.get(group) ?? 0) + 1));
    expect(Math.max(...perGroup.values()) - Math.min(...perGroup.values())).toBeLessThanOrEqual(1);
  });

  it('takes another order with another seed', () => {
    const rows = rowsOf(2000, 4);
    const one = splitRows(rows, { by: 'random', sample: 'rows', seed: 1, ...sizes });
    const two = splitRows(rows, { by: 'random', sample: 'rows', seed: 2, ...sizes });
    expect(ids(one.test).filter((id) => ids(two.test).includes(id)).length).toBeLessThan(5);
  });

  it('keeps rows of the same input together, also without deduplication', () => {
    const rows = rowsOf(200, 4).map((row, index) => Object.assign(row, { key: inputKey(`same ${index % 50}`) }));
    const splits = splitRows(rows, { by: 'random', sample: 'rows', seed: 3, ...sizes });
    const keys = [splits.train, splits.validation, splits.test].map((some) => new Set(some.map((row) => row.key)));
    expect(new Set(keys.flatMap((set) => [...set])).size).toBe(keys.reduce((sum, set) => sum + set.size, 0));
  });

  it('gives what there is when there are too few rows', () => {
    const splits = splitRows(rowsOf(50, 4), { by: 'random', sample: 'rows', seed: 1, ...sizes });
    expect([splits.test.length, splits.train.length, splits.validation.length]).toEqual([20, 30, 0]);
  });
});

function isFirst(row: CuratedRow, index: number, rows: readonly CuratedRow[]): boolean {
  return rows.findIndex((other) => other.id === row.id) === index;
}
