// The contest as the sections look at it: who the candidate is, whom it must beat, and by which metric.
import { isRowMetric, metricFacts, metricSchema } from '../../domain/metrics.ts';
import type { Metric } from '../../domain/metrics.ts';
import type { Comparison, Verdict } from '../../domain/verdict.ts';
import { hardestOf } from '../hardest.ts';
import type { ReportArm, ReportData } from './report-data.ts';

/** The metric that decides. */
export function decidingMetric({ policy, deciding }: Verdict): Metric {
  return policy?.metric ?? deciding[0]?.metric ?? 'exact_match';
}

/** The metric of single arms that the plots show: the deciding one, or the first on the scorecards. */
export function shownMetric({ verdict, arms }: ReportData): Metric {
  const wanted = decidingMetric(verdict);
  const scored = metricsOf(arms.slice(0, 1));
  return scored.includes(wanted) ? wanted : (scored[0] ?? wanted);
}

/** Metrics on the scorecards, in the order in which the metrics are listed. */
export function metricsOf(arms: readonly Pick<ReportArm, 'scorecard'>[]): Metric[] {
  return metricSchema.options.filter((metric) => arms.some(({ scorecard }) => scorecard.metrics[metric] !== undefined));
}

/**
 * The metric of single rows that goes with the deciding one: itself where it is one of rows; exact match for metrics
 * over all rows; for judges, who see two answers at once, the first graded metric that was scored.
 */
export function rowMetric(deciding: Metric, scored: readonly Metric[]): Metric {
  if (isRowMetric(deciding)) {
    return deciding;
  }
  const graded = scored.find((metric) => metricFacts[metric].shape === 'graded');
  return metricFacts[deciding].shape === 'paired' ? (graded ?? 'exact_match') : 'exact_match';
}

/** Deciding comparisons first, then those for reference. */
export function comparisonsOf({ deciding, reference }: Verdict): Comparison[] {
  return [...deciding, ...reference];
}

/** The arm of the comparison that the verdict hangs on. */
export function opponentOf({ verdict, arms }: ReportData): ReportArm | undefined {
  const { armId } = hardestOf(verdict.deciding);
  return arms.find(({ scorecard }) => scorecard.arm.id === armId);
}

/** Throws RangeError when no candidate took part. */
export function candidateOf({ arms }: ReportData): ReportArm {
  const candidate = arms.find(({ scorecard }) => scorecard.arm.kind === 'candidate');
  if (candidate === undefined) {
    throw new RangeError('no candidate took part in the contest');
  }
  return candidate;
}

/** Says stand-in, unless the label says so already. */
export function isUnnamedStandIn({ label, standIn }: { readonly label: string; readonly standIn: boolean }): boolean {
  return standIn && !label.includes('stand-in');
}
