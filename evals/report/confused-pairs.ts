// The wrong answers of a confusion matrix by pair of labels, and its rows in sum.
import type { Confusion } from '../metrics/confusion.ts';

/** One expected label answered by another. */
export interface ConfusedPair {
  readonly expected: string;
  readonly given: string;
  readonly count: number;
  /** Answers to rows that expect `expected`. */
  readonly total: number;
}

/** Wrong answers by pair of labels, the most frequent first, then in the order of the labels. */
export function confusedPairs({ labels, counts }: Confusion): ConfusedPair[] {
  const pairs = counts.flatMap((row, from) => {
    const total = rowTotal(row);
    return labels.flatMap((given, to) => {
      const count = row[to] ?? 0;
      return from === to || count === 0 ? [] : [{ expected: labels[from] ?? '', given, count, total }];
    });
  });
  return pairs.toSorted((left, right) => right.count - left.count);
}

/** All answers to rows that expect one label. */
export function rowTotal(row: readonly number[]): number {
  return row.reduce((sum, count) => sum + count, 0);
}
