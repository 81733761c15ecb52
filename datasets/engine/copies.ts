// How often training rows are written, and ids for rows whose content is not unique.
import type { BalanceRecipe } from '../../domain/recipe-dataset.ts';
import { balancePlan, copiesOf } from '../balance/balance-plan.ts';
import { ruleCode } from './chunk-result.ts';
import { sameInputs } from './exact-duplicates.ts';
import type { RowTable } from './row-table.ts';
import type { RowReader } from './scratch-files.ts';

/** Numbers from 2 for rows whose id another row has already, in reading order: possible only without exact deduplication. */
export function repeatedIds(table: RowTable, reader: RowReader): Map<number, number> {
  const numbers = new Map<number, number>();
  for (const rows of sameInputs(table)) {
    const seen = new Map<string, number>();
    for (const row of rows) {
      const { id } = reader.row(row);
      const times = (seen.get(id) ?? 0) + 1;
      seen.set(id, times);
      if (times > 1) {
        numbers.set(row, times);
      }
    }
  }
  return numbers;
}

/**
 * Copies of training rows in sources with a weight above 1: its whole part for all, and one more for as many rows as its
 * fraction says, evenly spread over the seeded order.
 */
export function weightedCopies(train: Uint32Array, weightOf: (row: number) => number): Map<number, number> {
  const copies = new Map<number, number>();
  const seen = new Map<number, number>();
  for (const row of train) {
    const weight = weightOf(row);
    if (weight > 1) {
      // The n-th row of a weight: together they have n × weight lines, rounded down.
      const before = seen.get(weight) ?? 0;
      seen.set(weight, before + 1);
      copies.set(row, Math.floor((before + 1) * weight) - Math.floor(before * weight));
    }
  }
  return copies;
}

/**
 * Rebalances the outputs of the training rows, given in seeded order, after `balancePlan`. Rows that are left out get the
 * rule `rebalanced`; `copies` says how often the others are taken, where that is not once.
 */
export function balanced(
  { output, rule }: Pick<RowTable, 'output' | 'rule'>,
  train: Uint32Array,
  settings: BalanceRecipe,
): { readonly train: Uint32Array; readonly copies: ReadonlyMap<number, number> } {
  const nameOf = (row: number): string => `${output[row * 2]}:${output[row * 2 + 1]}`;
  const counts = new Map<string, number>();
  train.forEach((row) => counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + 1));
  const targets = balancePlan(counts, settings);
  const copies = new Map<number, number>();
  const ranks = new Map<string, number>();
  const kept = train.filter((row) => {
    const name = nameOf(row);
    const rank = ranks.get(name) ?? 0;
    ranks.set(name, rank + 1);
    const times = copiesOf(rank, counts.get(name) ?? 0, targets.get(name) ?? 0);
    if (times === 0) {
      rule[row] = ruleCode('rebalanced');
    } else if (times > 1) {
      copies.set(row, times);
    }
    return times > 0;
  });
  return { train: kept, copies };
}

/** Marks rows beyond a source's cap as `over_cap`: those last in seeded order. */
export function applyCap({ rule }: Pick<RowTable, 'rule'>, rowsInOrder: Uint32Array, cap: number): void {
  for (const row of rowsInOrder.subarray(cap)) {
    rule[row] = ruleCode('over_cap');
  }
}
