// Properties of the split, over many seeds and shapes of data.
import { describe, expect, it } from 'vitest';
import { splitSchema, type SplitRecipe } from '../../domain/recipe-split.ts';
import { ruleOfCode } from './chunk-result.ts';
import type { RowTable } from './row-table.ts';
import { splitNames } from '../../domain/split-names.ts';
import type { SplitRows } from './divided-rows.ts';
import { splitRows } from './split-rows.ts';
import { tableOf, type SyntheticRow } from './synthetic-table.ts';
import { unitPlaces } from './units.ts';

const sizes = { train: 60, validation: 10, test: 20 };

function rowsOf(count: number, rowsPerGroup: number, from = 0): SyntheticRow[] {
  return Array.from({ length: count }, (_, index) => ({
    input: `text ${from + index}`,
    output: `label ${(from + index) % 10 === 0 ? 'rare' : 'frequent'}`,
    group: `group ${Math.floor((from + index) / rowsPerGroup)}`,
  }));
}

interface Outcome {
  readonly table: RowTable;
  readonly splits: SplitRows;
  readonly inputs: Readonly<Record<keyof SplitRows, string[]>>;
}

async function divided(
  rows: readonly SyntheticRow[],
  draft: Partial<SplitRecipe>,
  clusters: readonly (readonly number[])[] = [],
): Promise<Outcome> {
  const recipe = splitSchema.parse({ ...sizes, ...draft });
  const table = await tableOf(rows, recipe);
  const splits = splitRows(table, unitPlaces(table, clusters, recipe.by), recipe);
  const inputsOf = (name: keyof SplitRows): string[] => [...splits[name]].map((row) => rows[row]?.input ?? '');
  return {
    table,
    splits,
    inputs: { train: inputsOf('train'), validation: inputsOf('validation'), test: inputsOf('test') },
  };
}

function groupsOf(rows: readonly SyntheticRow[], numbers: Uint32Array): Set<string | undefined> {
  return new Set([...numbers].map((row) => rows[row]?.group));
}

const cases = (['random', 'group', 'stratified'] as const).flatMap((by) =>
  (['rows', 'groups'] as const).flatMap((sample) =>
    [100, 130, 2000].flatMap((count) => [1, 2, 3].map((seed) => ({ by, sample, count, seed }))),
  ),
);

describe.each(cases)(
  'a split by $by of $count rows, sampling $sample, with seed $seed',
  ({ by, sample, count, seed }) => {
    const rows = rowsOf(count, 4);
    const draft = { by, sample, seed };

    it('has the sizes asked for, no row twice, and names the others', async () => {
      const { table, splits } = await divided(rows, draft);
      expect(splitNames.map((name) => splits[name].length)).toEqual([60, 10, 20]);
      const all = splitNames.flatMap((name) => [...splits[name]]);
      expect(new Set(all).size).toBe(90);
      expect(all.every((row) => table.rule[row] === 0)).toBe(true);
      expect([...table.rule].filter((code) => code !== 0).map(ruleOfCode)).toEqual(
        Array.from({ length: count - 90 }, () => 'not_sampled'),
      );
    });

    it('does not depend on the order of the rows', async () => {
      const { inputs } = await divided(rows, draft);
      expect((await divided(rows.toReversed(), draft)).inputs).toEqual(inputs);
    });

    it('never moves an old test row to train when rows are appended', async () => {
      const { inputs } = await divided(rows, draft);
      for (const more of [1, 40, 400]) {
        const later = await divided([...rows, ...rowsOf(more, 4, count)], draft);
        const trained = new Set(later.inputs.train);
        expect(inputs.test.filter((input) => trained.has(input))).toEqual([]);
      }
    });
  },
);

describe.each(cases.filter(({ by }) => by === 'group'))(
  'a split by group of $count rows, sampling $sample, with seed $seed',
  ({ by, sample, count, seed }) => {
    it('has no group in two splits', async () => {
      const rows = rowsOf(count, 4);
      const { splits } = await divided(rows, { by, sample, seed });
      const seen = splitNames.map((name) => groupsOf(rows, splits[name]));
      expect(seen.every(({ size }) => size > 0)).toBe(true);
      expect(new Set(seen.flatMap((set) => [...set])).size).toBe(seen.reduce((sum, set) => sum + set.size, 0));
    });
  },
);

describe('clusters of near duplicates', () => {
  const rows = rowsOf(600, 1);
  // Rows 3i, 3i+1 and 3i+2 are near duplicates.
  const clusters = Array.from({ length: 200 }, (_, index) => [3 * index, 3 * index + 1, 3 * index + 2]);

  it.each(['random', 'stratified', 'group'] as const)('stay within one split by %s', async (by) => {
    const { splits } = await divided(rows, { by, train: 0.6, validation: 0.2, test: 0.2 }, clusters);
    const seen = splitNames.map((name) => new Set([...splits[name]].map((row) => Math.floor(row / 3))));
    expect(seen.every((set) => set.size > 10)).toBe(true);
    expect(new Set(seen.flatMap((set) => [...set])).size).toBe(seen.reduce((sum, set) => sum + set.size, 0));
  });

  it('keep old test rows out of train when appended rows join two clusters', async () => {
    const before = await divided(rows, { train: 0.6, validation: 0.2, test: 0.2 }, clusters);
    const joined = clusters.flatMap((rowsOfOne, index) =>
      index % 2 === 1 ? [] : [[...rowsOfOne, ...(clusters[index + 1] ?? []), 600 + index / 2]],
    );
    const after = await divided([...rows, ...rowsOf(100, 1, 600)], { train: 0.6, validation: 0.2, test: 0.2 }, joined);
    const trained = new Set(after.inputs.train);
    expect(before.inputs.test.length).toBeGreaterThan(50);
    expect(before.inputs.test.filter((input) => trained.has(input))).toEqual([]);
  });
});

describe('a split', () => {
  it('covers many groups when there are rows to spare', async () => {
    const rows = rowsOf(2000, 20);
    const { splits } = await divided(rows, { by: 'group' });
    // Taken whole, 20 rows would be one group.
    expect(groupsOf(rows, splits.test).size).toBeGreaterThan(5);
    expect(groupsOf(rows, splits.train).size).toBeGreaterThan(30);
  });

  it('that samples groups takes a row of every group before a second of any', async () => {
    const rows = rowsOf(2000, 20);
    const { splits } = await divided(rows, { by: 'group', sample: 'groups' });
    const perGroup = new Map<string | undefined, number>();
    for (const row of splits.train) {
      const { group } = rows[row] ?? {};
      perGroup.set(group, (perGroup.get(group) ?? 0) + 1);
    }
    expect(Math.max(...perGroup.values()) - Math.min(...perGroup.values())).toBeLessThanOrEqual(1);
  });

  it('takes another order with another seed', async () => {
    const rows = rowsOf(2000, 4);
    const one = await divided(rows, { seed: 1 });
    const two = await divided(rows, { seed: 2 });
    expect(one.inputs.test.filter((input) => two.inputs.test.includes(input)).length).toBeLessThan(5);
  });

  it('keeps rows of the same input together, also without deduplication', async () => {
    const rows = rowsOf(200, 4).map(({ group = '' }, index) => ({ group, input: `same ${index % 50}` }));
    const { inputs } = await divided(rows, { seed: 3 });
    const seen = splitNames.map((name) => new Set(inputs[name]));
    expect(new Set(seen.flatMap((set) => [...set])).size).toBe(seen.reduce((sum, set) => sum + set.size, 0));
  });

  it('gives what there is when there are too few rows', async () => {
    const { splits } = await divided(rowsOf(50, 4), {});
    expect([splits.test.length, splits.train.length, splits.validation.length]).toEqual([20, 30, 0]);
  });

  it('that is stratified gives a rare output its share of every split', async () => {
    const rows = rowsOf(2000, 1);
    const { splits } = await divided(rows, { by: 'stratified' });
    const rare = (name: keyof SplitRows): number =>
      [...splits[name]].filter((row) => rows[row]?.output === 'label rare').length;
    expect(splitNames.map(rare)).toEqual([6, 1, 2]);
  });

  it('by parts takes every row when the parts add up to 1', async () => {
    const { splits } = await divided(rowsOf(2000, 1), { train: 0.8, validation: 0.1, test: 0.1 });
    expect(splitNames.reduce((sum, name) => sum + splits[name].length, 0)).toBe(2000);
    expect(splits.test.length).toBeGreaterThan(160);
    expect(splits.test.length).toBeLessThan(240);
  });
});

describe('a split by time', () => {
  const rows = Array.from({ length: 120 }, (_, index) => ({
    input: `text ${index}`,
    time: new Date(Date.UTC(2026, 0, 1 + index)).toISOString(),
  }));
  const draft = {
    by: 'time',
    train: 1000,
    validation: 1000,
    test: 1000,
    validation_from: '2026-03-01',
    test_from: '2026-04-01',
  } as const;

  it('tests on the rows from its moment on, and trains on those before the validation rows', async () => {
    const { splits } = await divided(rows, draft);
    expect(Math.max(...splits.train)).toBe(58);
    expect([Math.min(...splits.validation), Math.max(...splits.validation)]).toEqual([59, 89]);
    expect(Math.min(...splits.test)).toBe(90);
  });

  it('leaves out earlier near duplicates of later rows', async () => {
    const { table, splits } = await divided(rows, draft, [[5, 70, 100]]);
    expect([5, 70].map((row) => ruleOfCode(table.rule[row] ?? 0))).toEqual(['crosses_split', 'crosses_split']);
    expect(splits.test).toContain(100);
    expect(splits.train).toHaveLength(58);
  });

  it('takes at most so many rows as it is told', async () => {
    const { splits } = await divided(rows, { ...draft, train: 7, test: 0.05 });
    expect([splits.train.length, splits.test.length]).toEqual([7, 6]);
  });
});
