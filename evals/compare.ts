// Candidate against one other arm on the same rows: difference, interval and conclusion.
import type { GateRecipe } from '../domain/recipe-gate.ts';
import { isRowMetric, type Metric } from '../domain/metrics.ts';
import type { Arm, RowResult, Scorecard } from '../domain/scorecard.ts';
import type { Comparison, Conclusion } from '../domain/verdict.ts';
import { clustersOf } from './clusters.ts';
import { metricValue, rowScores } from './metrics/metric-value.ts';
import { furtherRows } from './further-rows.ts';
import { resamples, seedOf } from './scorecard.ts';
import { decidingInterval, type Evidence } from './statistics/deciding-interval.ts';
import { mcnemar } from './statistics/mcnemar.ts';

/** One arm with its answers and their summary. */
export interface Contestant {
  readonly arm: Arm;
  /** One result a row, in the order of the suite. */
  readonly results: readonly RowResult[];
  readonly scorecard: Scorecard;
}

/** Rows by who has them right. */
export interface PairCounts {
  readonly n: number;
  readonly wins: number;
  readonly losses: number;
  readonly bothRight: number;
  readonly bothWrong: number;
}

/**
 * Compares two arms that answered the same rows in the same order, by the interval of {@link decidingInterval} at the
 * confidence of the policy; metrics that are no mean over rows are resampled with a seed from the suite's digest. The
 * exact McNemar p value is that of exact match, takes rows as independent, and is reported beside the interval: it
 * decides nothing.
 */
export function compare(candidate: Contestant, other: Contestant, policy: GateRecipe, suite: string): Comparison {
  const counts = countPairs(candidate.results, other.results);
  const evidence = evidenceOf(policy.metric, candidate.results, other.results, suite);
  const { difference, low, high, method, units, pAbove } = decidingInterval(evidence, policy.confidence);
  const interval = { difference, low, high, method };
  const conclusion = conclude(interval, policy.margin);
  return {
    armId: other.arm.id,
    label: other.arm.label,
    standIn: other.arm.standIn,
    metric: policy.metric,
    n: counts.n,
    clusters: evidence.clusters === undefined ? null : units,
    wins: counts.wins,
    losses: counts.losses,
    value: null,
    ...interval,
    confidence: policy.confidence,
    p: pAbove(policy.rule === 'superior' ? 0 : -policy.margin),
    eValue: null,
    mcnemarP: mcnemar(counts.wins, counts.losses).twoSided,
    margin: policy.margin,
    conclusion,
    rowsNeeded: furtherRows({ counts, interval, policy, conclusion }),
    power: null,
  };
}

/** Counts rows by who has them right; the arms must have answered the same rows in the same order. */
export function countPairs(candidate: readonly RowResult[], other: readonly RowResult[]): PairCounts {
  let [wins, losses, bothRight, bothWrong] = [0, 0, 0, 0];
  candidate.forEach(({ score }, row) => {
    const otherScore = other[row]?.score ?? 0;
    wins += score > otherScore ? 1 : 0;
    losses += score < otherScore ? 1 : 0;
    bothRight += score === 1 && otherScore === 1 ? 1 : 0;
    bothWrong += score === 0 && otherScore === 0 ? 1 : 0;
  });
  return { n: candidate.length, wins, losses, bothRight, bothWrong };
}

/** The fixed sequence: non-inferior, then superior; else worse or open. No part of the error rate is split. */
function conclude({ low, high }: { low: number; high: number }, margin: number): Conclusion {
  if (low > -margin) {
    return low > 0 ? 'superior' : 'non_inferior';
  }
  return high < 0 ? 'worse' : 'inconclusive';
}

/** The differences, or the statistic, that the interval of a metric is made from. */
function evidenceOf(
  metric: Metric,
  candidate: readonly RowResult[],
  other: readonly RowResult[],
  suite: string,
): Evidence {
  const clusters = clustersOf(candidate);
  if (isRowMetric(metric)) {
    const theirs = rowScores(metric, other);
    const differences = rowScores(metric, candidate).map((score, row) => score - (theirs[row] ?? 0));
    return { kind: 'rows', differences, clusters };
  }
  const [ours, theirs] = [metricValue(metric, candidate), metricValue(metric, other)];
  const statistic = (rows: Int32Array): number => ours(rows) - theirs(rows);
  return { kind: 'metric', statistic, rows: candidate.length, clusters, seed: seedOf(suite), resamples };
}
