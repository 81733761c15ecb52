// The zones of a split by time: fixed moments, so that they stay where they are when rows are appended.
import type { SplitRecipe } from '../../domain/recipe-split.ts';
import { ruleCode } from './chunk-result.ts';
import type { RowTable } from './row-table.ts';
import type { SplitRows } from './divided-rows.ts';

/**
 * Rows by their own time. A unit lies in the latest zone that one of its rows is in; its earlier rows get the rule
 * `crosses_split`, since they would give away rows of a later split.
 */
export function timeZones(
  { time, rule }: Pick<RowTable, 'time' | 'rule'>,
  unitPlace: Uint32Array,
  rows: Uint32Array,
  { validation_from: validationFrom, test_from: testFrom }: Pick<SplitRecipe, 'validation_from' | 'test_from'>,
): SplitRows {
  const test = testFrom === undefined ? Infinity : Date.parse(testFrom);
  const validation = validationFrom === undefined ? test : Date.parse(validationFrom);
  const zoneOf = (row: number): number => ((time[row] ?? 0) >= test ? 2 : (time[row] ?? 0) >= validation ? 1 : 0);
  const latest = new Map<number, number>();
  for (const row of rows) {
    const zone = zoneOf(row);
    // Most units are one training row: they need no entry.
    if (zone > 0) {
      const unit = unitPlace[row] ?? 0;
      latest.set(unit, Math.max(latest.get(unit) ?? 0, zone));
    }
  }
  const within = rows.filter((row) => {
    const stays = (latest.get(unitPlace[row] ?? 0) ?? 0) === zoneOf(row);
    if (!stays) {
      rule[row] = ruleCode('crosses_split');
    }
    return stays;
  });
  return {
    train: within.filter((row) => zoneOf(row) === 0),
    validation: within.filter((row) => zoneOf(row) === 1),
    test: within.filter((row) => zoneOf(row) === 2),
  };
}
