// Wrong answers by pair of labels: what there are too many labels for a matrix to show.
import type { LabelledResult } from '../metrics/coded-results.ts';
import { singleAnswers } from '../metrics/coded-results.ts';

/** One expected label answered by another. */
export interface ConfusedPair {
  readonly expected: string;
  readonly given: string;
  readonly count: number;
  /** Answers to rows that expect `expected`. */
  readonly total: number;
}

/** The most frequent first, then by their labels. Answers that could not be read are in the totals alone. */
export function confusedPairs(results: readonly LabelledResult[]): ConfusedPair[] {
  const counts = new Map<string, Map<string, number>>();
  const totals = new Map<string, number>();
  for (const { expected, parsed } of singleAnswers(results).answers) {
    totals.set(expected, (totals.get(expected) ?? 0) + 1);
    if (parsed !== null && parsed !== expected) {
      const given = counts.get(expected) ?? new Map<string, number>();
      counts.set(expected, given.set(parsed, (given.get(parsed) ?? 0) + 1));
    }
  }
  const pairs = [...counts].flatMap(([expected, given]) =>
    [...given].map(([label, count]) => ({ expected, given: label, count, total: totals.get(expected) ?? 0 })),
  );
  return pairs.toSorted(
    (left, right) =>
      right.count - left.count || byText(left.expected, right.expected) || byText(left.given, right.given),
  );
}

/** Order of texts by their code units. */
export function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
