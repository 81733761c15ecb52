// Finds rows whose inputs are almost the same text.
import { setImmediate } from 'node:timers/promises';
import type { CuratedRow } from './curated-row.ts';
import type { Dropped } from './exact-duplicates.ts';
import { LshIndex } from './minhash.ts';
import { jaccard, shingles } from './shingles.ts';

// Often enough that heartbeats and cancellation get their turn.
const rowsPerTurn = 1000;

/**
 * Drops every row whose input has a true Jaccard similarity of at least `threshold` (character 5-grams) to a kept
 * one. Rows are visited in the order of their content keys, so the outcome does not depend on their order in the
 * file; `kept` is in the order given. MinHash-LSH proposes pairs and misses a few per cent of those near the threshold.
 */
export async function nearDuplicates(
  rows: readonly CuratedRow[],
  threshold: number,
  signal?: AbortSignal,
): Promise<{ kept: CuratedRow[]; dropped: Dropped[] }> {
  const index = new LshIndex(threshold, rows.length);
  const inOrder = rows.toSorted((left, right) => (left.key < right.key ? -1 : left.key === right.key ? 0 : 1));
  const keptRows: CuratedRow[] = [];
  const dropped: Dropped[] = [];
  for (const [visited, row] of inOrder.entries()) {
    if (visited % rowsPerTurn === 0) {
      await setImmediate(undefined, { signal });
    }
    const set = shingles(row.input);
    // Sets of kept rows are made again when needed: keeping them would cost more memory than the rows.
    const similarTo = (item: number): boolean => jaccard(set, shingles(keptRows[item]?.input ?? '')) >= threshold;
    const match = index.candidates(set).find(similarTo);
    if (match === undefined) {
      index.addLast(keptRows.length);
      keptRows.push(row);
    } else {
      dropped.push({ row, rule: 'near_duplicate', keptId: keptRows[match]?.id ?? '' });
    }
  }
  const keep = new Set(keptRows);
  return { kept: rows.filter((row) => keep.has(row)), dropped };
}
