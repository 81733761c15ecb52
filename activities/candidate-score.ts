// The one number that a verdict is shown by.
import { metricFacts, type Metric } from '../domain/metrics.ts';
import type { Comparison } from '../domain/verdict.ts';
import type { Contestant } from '../evals/compare.ts';

/** The candidate's value of the metric; of one that exists between two arms alone, that against the hardest opponent. */
export function candidateScore(
  { scorecard }: Contestant,
  metric: Metric,
  deciding: readonly Pick<Comparison, 'difference'>[],
): number {
  const value =
    metricFacts[metric].shape === 'paired'
      ? Math.min(...deciding.map(({ difference }) => difference))
      : scorecard.metrics[metric]?.value;
  if (value === undefined) {
    throw new RangeError(`${metric} was not scored`);
  }
  return value;
}
