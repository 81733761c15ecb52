// The comparison that carries a verdict.
import type { Comparison } from '../domain/verdict.ts';

const ranks = { worse: 0, inconclusive: 1, non_inferior: 2, superior: 3 } as const;

/**
 * The comparison with the least favourable conclusion; among equals the one with the lowest lower bound, then the
 * first. Throws when there is none.
 */
export function hardestOf(comparisons: readonly Comparison[]): Comparison {
  const [hardest] = comparisons.toSorted(
    (left, right) => ranks[left.conclusion] - ranks[right.conclusion] || left.low - right.low,
  );
  if (hardest === undefined) {
    throw new RangeError('there is no baseline to beat');
  }
  return hardest;
}
