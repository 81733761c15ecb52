// Finds rows whose inputs are the same text.
import type { DropRule } from '../domain/dataset.ts';
import type { CuratedRow } from './curated-row.ts';

/** A row that a rule drops, and the row that was kept instead, if any. */
export interface Dropped {
  readonly row: CuratedRow;
  readonly rule: DropRule;
  readonly keptId?: string;
  readonly detail?: string;
}

/**
 * Keeps the first row, in reading order, of those with the same comparable input and output. Where the same input
 * has different outputs, all its rows are dropped as `conflicting_label`: which one is right is not known, so they
 * can neither be learned from nor scored against fairly.
 */
export function exactDuplicates(rows: readonly CuratedRow[]): { kept: CuratedRow[]; dropped: Dropped[] } {
  const first = new Map<string, CuratedRow>();
  const outputs = new Map<string, Set<string>>();
  for (const row of rows) {
    const known = first.get(row.key);
    if (known === undefined) {
      first.set(row.key, row);
    } else if (known.output !== row.output) {
      outputs.set(row.key, (outputs.get(row.key) ?? new Set([known.output])).add(row.output));
    }
  }
  const kept: CuratedRow[] = [];
  const dropped: Dropped[] = [];
  for (const row of rows) {
    const conflicting = outputs.get(row.key);
    const winner = first.get(row.key);
    if (conflicting !== undefined) {
      dropped.push({ row, rule: 'conflicting_label', detail: `${conflicting.size} different outputs for one input` });
    } else if (winner === row || winner === undefined) {
      kept.push(row);
    } else {
      dropped.push({ row, rule: 'exact_duplicate', keptId: winner.id });
    }
  }
  return { kept, dropped };
}
