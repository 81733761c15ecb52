// Candidate against one other arm on the same rows: difference, interval and conclusion.
import type { GateRecipe } from '../domain/recipe-gate.ts';
import type { Metric } from '../domain/metrics.ts';
import type { Arm, RowResult, Scorecard } from '../domain/scorecard.ts';
import type { Comparison, Conclusion } from '../domain/verdict.ts';
import { clustersOf } from './clusters.ts';
import { metricValue } from './metrics/metric-value.ts';
import { furtherRows } from './further-rows.ts';
import { resamples, seedOf } from './scorecard.ts';
import { bootstrapInterval } from './statistics/bootstrap.ts';
import { clusterInterval } from './statistics/cluster.ts';
import { mcnemar } from './statistics/mcnemar.ts';
import { tangoInterval } from './statistics/tango.ts';

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

interface DifferenceInterval {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly method: string;
}

/**
 * Compares two arms that answered the same rows in the same order.
 *
 * Exact match: Tango's score interval. When rows carry groups, the cluster-robust t interval is made as well and
 * the hull of the two decides (the lower low, the higher high), so that groups never make a verdict easier; with a
 * single group nothing is known about others and the interval is [-1, 1]. Macro-F1: BCa bootstrap of the paired
 * difference, which draws whole groups. The exact McNemar p value is that of exact match, takes rows as
 * independent, and is reported beside the interval: it decides nothing.
 */
export function compare(candidate: Contestant, other: Contestant, policy: GateRecipe, suite: string): Comparison {
  const counts = countPairs(candidate.results, other.results);
  const interval = differenceOf(policy.metric, candidate, other, policy.confidence, suite);
  const conclusion = conclude(interval, policy.margin);
  return {
    armId: other.arm.id,
    label: other.arm.label,
    standIn: other.arm.standIn,
    metric: policy.metric,
    n: counts.n,
    clusters: null,
    wins: counts.wins,
    losses: counts.losses,
    value: null,
    ...interval,
    confidence: policy.confidence,
    p: null,
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

function differenceOf(
  metric: Metric,
  candidate: Contestant,
  other: Contestant,
  confidence: number,
  suite: string,
): DifferenceInterval {
  const clusters = clustersOf(candidate.results);
  if (metric === 'exact_match') {
    return exactMatchDifference(candidate.results, other.results, clusters, confidence);
  }
  const [ours, theirs] = [metricValue(metric, candidate.results), metricValue(metric, other.results)];
  const plan = { rows: candidate.results.length, clusters, confidence, seed: seedOf(suite), resamples };
  const found = bootstrapInterval(plan, (rows) => ours(rows) - theirs(rows));
  const drawn = clusters === undefined ? 'rows' : 'groups';
  const method = `paired ${found.method} bootstrap of ${found.units} ${drawn}, ${resamples} resamples`;
  return { difference: found.value, low: found.low, high: found.high, method };
}

function exactMatchDifference(
  candidate: readonly RowResult[],
  other: readonly RowResult[],
  clusters: readonly string[] | undefined,
  confidence: number,
): DifferenceInterval {
  const counts = countPairs(candidate, other);
  const difference = (counts.wins - counts.losses) / counts.n;
  const tango = { ...tangoInterval(counts, confidence), difference, method: 'Tango score interval' };
  if (clusters === undefined) {
    return tango;
  }
  if (new Set(clusters).size < 2) {
    return { difference, low: -1, high: 1, method: 'none: all rows are of one group' };
  }
  const perRow = candidate.map(({ score }, row) => score - (other[row]?.score ?? 0));
  const robust = clusterInterval(perRow, clusters, confidence);
  const few = robust.fewClusters ? ', fewer than 10: read with care' : '';
  const method = `hull of Tango score interval and cluster-robust t interval over ${robust.clusters} groups${few}`;
  return {
    difference,
    low: Math.max(-1, Math.min(tango.low, robust.low)),
    high: Math.min(1, Math.max(tango.high, robust.high)),
    method,
  };
}
