// Orders of rows that depend on their contents and the seed alone.
import { compareKeys, type RowTable } from './row-table.ts';

/** Row numbers by an unsigned column, then by number. */
export function sortedBy(column: Uint32Array, rows: Uint32Array): Uint32Array {
  // Value and row number as one 64-bit number, which typed arrays sort natively.
  const packed = new Uint32Array(rows.length * 2);
  for (const [index, row] of rows.entries()) {
    packed[index * 2] = row;
    packed[index * 2 + 1] = column[row] ?? 0;
  }
  new BigUint64Array(packed.buffer).sort();
  return rows.map((_, index) => packed[index * 2] ?? 0);
}

/** Row numbers in the seeded order; where two hashes are the same, the content decides. */
export function inSeededOrder({ order, key }: Pick<RowTable, 'order' | 'key'>, rows: Uint32Array): Uint32Array {
  const sorted = sortedBy(order, rows);
  for (let start = 0; start < sorted.length;) {
    let end = start + 1;
    while (end < sorted.length && order[sorted[end] ?? 0] === order[sorted[start] ?? 0]) {
      end += 1;
    }
    if (end - start > 1) {
      sorted.subarray(start, end).sort((left, right) => compareKeys(key, left, right));
    }
    start = end;
  }
  return sorted;
}
