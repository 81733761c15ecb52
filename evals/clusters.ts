// Which rows belong together: rows of one group are not independent evidence.
import { sliceValue, type SlicedRow } from './slice-value.ts';

/**
 * The cluster of each row, or undefined when rows are independent. A row without a value stands for itself. Throws
 * RangeError when clusters are to be the values of a tag that no row has: a misspelt tag must not make rows independent.
 *
 * @param by `group`, `none`, or the name of a tag
 */
export function clustersOf(rows: readonly SlicedRow[], by = 'group'): string[] | undefined {
  if (by === 'none') {
    return undefined;
  }
  const values = rows.map((row) => (by === 'group' ? row.group : sliceValue(row, by)));
  if (values.every((value) => value === undefined)) {
    if (by === 'group') {
      return undefined;
    }
    throw new RangeError(`gate.cluster is "${by}", but no row has such a tag`);
  }
  return rows.map(({ rowId }, row) => (values[row] === undefined ? `row ${rowId}` : `group ${values[row]}`));
}
