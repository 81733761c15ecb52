// Rows that must not be parted by a split: one input, one group, one cluster of near duplicates.
import type { SplitRecipe } from '../../domain/recipe-split.ts';
import { sameInputs, sameValues } from './exact-duplicates.ts';
import type { RowTable } from './row-table.ts';
import { UnionFind } from './union-find.ts';

/**
 * For every row the place of its unit in the seeded order: rows with the same place stay together. A unit lies where its foremost member lies:
 * appended rows can only pull a unit forward, and the test split is at the front, so no old test row becomes a training
 * row. In a split that is not by group, rows that were dropped as near duplicates count as members too, or the row that
 * replaces an old test row could lie elsewhere. In a split by group, a cluster joins groups only where
 * rows of it in different groups are still in.
 */
export function unitPlaces(
  { records, rule, group, place, key }: Pick<RowTable, 'records' | 'rule' | 'group' | 'place' | 'key'>,
  clusters: readonly (readonly number[])[],
  by: SplitRecipe['by'],
): Uint32Array {
  const units = new UnionFind(records);
  const alike = by === 'group' ? sameValues(group, 2, rule) : sameInputs({ key, rule });
  for (const rows of alike) {
    join(units, rows);
  }
  for (const rows of clusters) {
    join(units, by === 'group' ? rows.filter((row) => rule[row] === 0) : rows);
  }
  const foremost = new Uint32Array(records).fill(0xff_ff_ff_ff);
  const pull = (row: number): void => {
    const unit = units.find(row);
    foremost[unit] = Math.min(foremost[unit] ?? 0, place[row] ?? 0);
  };
  for (let row = 0; row < records; row += 1) {
    if (rule[row] === 0) {
      pull(row);
    }
  }
  if (by !== 'group') {
    clusters.forEach((rows) => rows.forEach(pull));
  }
  // From the back, since the first row of a unit holds the unit's place.
  for (let row = records - 1; row >= 0; row -= 1) {
    foremost[row] = foremost[units.find(row)] ?? 0;
  }
  return foremost;
}

function join(units: UnionFind, rows: readonly number[]): void {
  const [first] = rows;
  for (const row of rows) {
    units.union(first ?? row, row);
  }
}
