// Candidate against one other arm on the same rows: difference, interval and conclusion.
import { metricFacts } from '../domain/metrics.ts';
import type { GateRecipe } from '../domain/recipe-gate.ts';
import type { Arm, RowResult, Scorecard } from '../domain/scorecard.ts';
import type { Comparison, Conclusion } from '../domain/verdict.ts';
import { clustersOf } from './clusters.ts';
import { furtherRows } from './further-rows.ts';
import { metricValue } from './metrics/metric-value.ts';
import { pairedEvidence, rowDifferences, type Preferences } from './paired-evidence.ts';
import { powerStatement } from './power-statement.ts';
import { resamples, seedOf } from './scorecard.ts';
import { decidingInterval } from './statistics/deciding-interval.ts';
import { mcnemar } from './statistics/mcnemar.ts';

/** One arm with its answers and their summary. */
export interface Contestant {
  readonly arm: Arm;
  /** One result a row, in the order of the suite. */
  readonly results: readonly RowResult[];
  readonly scorecard: Scorecard;
}

/** Rows by which arm scores higher. */
export interface PairCounts {
  readonly n: number;
  readonly wins: number;
  readonly losses: number;
}

/**
 * Compares two arms that answered the same rows in the same order, by the interval of {@link decidingInterval} at the
 * confidence of the policy. Rows are taken in the order of their ids, so that the order of the suite changes nothing;
 * what is resampled has a seed from the suite's digest. The exact McNemar p value (the sign test, where scores are
 * graded) takes rows as independent, and is reported beside the interval: it decides nothing.
 *
 * @param preferences what judges prefer, by row id; needed by `judge_preference` alone
 */
export function compare(
  candidate: Contestant,
  other: Contestant,
  policy: GateRecipe,
  suite: string,
  preferences?: Preferences,
): Comparison {
  const { metric, confidence, margin, rule, cluster } = policy;
  const pair = { candidate: byRowId(candidate.results), other: byRowId(other.results), preferences };
  const clusters = clustersOf(pair.candidate, cluster);
  const evidence = pairedEvidence(pair, { metric, clusters, seed: seedOf(suite), resamples });
  const { difference, low, high, method, units, pAbove } = decidingInterval(evidence, confidence);
  const interval = { difference, low, high, method };
  const counts = countSigns(rowDifferences(pair, metric) ?? rowDifferences(pair, 'exact_match'));
  const conclusion = conclude(interval, margin);
  const rowsNeeded = furtherRows({ counts, interval, policy, conclusion });
  return {
    armId: other.arm.id,
    label: other.arm.label,
    standIn: other.arm.standIn,
    metric,
    n: counts.n,
    clusters: clusters === undefined ? null : units,
    wins: counts.wins,
    losses: counts.losses,
    value:
      metricFacts[metric].shape === 'paired'
        ? null
        : { candidate: metricValue(metric, pair.candidate)(), other: metricValue(metric, pair.other)() },
    ...interval,
    confidence,
    p: pAbove(rule === 'superior' ? 0 : -margin),
    eValue: null,
    mcnemarP: mcnemar(counts.wins, counts.losses).twoSided,
    margin,
    conclusion,
    rowsNeeded,
    power: powerStatement({ n: counts.n, interval, policy, rowsNeeded }),
  };
}

/** Counts rows by who has them right; the arms must have answered the same rows in the same order. */
export function countPairs(candidate: readonly RowResult[], other: readonly RowResult[]): PairCounts {
  return countSigns(rowDifferences({ candidate, other }, 'exact_match'));
}

function countSigns(differences: Float64Array = new Float64Array()): PairCounts {
  const wins = differences.reduce((count, difference) => count + (difference > 0 ? 1 : 0), 0);
  const losses = differences.reduce((count, difference) => count + (difference < 0 ? 1 : 0), 0);
  return { n: differences.length, wins, losses };
}

/** The fixed sequence: non-inferior, then superior; else worse or open. No part of the error rate is split. */
function conclude({ low, high }: { low: number; high: number }, margin: number): Conclusion {
  if (low > -margin) {
    return low > 0 ? 'superior' : 'non_inferior';
  }
  return high < 0 ? 'worse' : 'inconclusive';
}

/** In the order of their ids. */
export function byRowId(results: readonly RowResult[]): RowResult[] {
  return results.toSorted((left, right) => (left.rowId < right.rowId ? -1 : left.rowId > right.rowId ? 1 : 0));
}
