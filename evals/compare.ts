// Candidate against one other arm on the same rows: difference, interval and conclusion.
import { metricFacts } from '../domain/metrics.ts';
import type { GateRecipe } from '../domain/recipe-gate.ts';
import type { Arm, RowResult, Scorecard } from '../domain/scorecard.ts';
import type { Comparison } from '../domain/verdict.ts';
import { clustersOf } from './clusters.ts';
import { conclude } from './conclude.ts';
import { furtherRows } from './further-rows.ts';
import { metricValue } from './metrics/metric-value.ts';
import { pairedEvidence, rowDifferences, type Pair, type Preferences } from './paired-evidence.ts';
import { powerStatement } from './power-statement.ts';
import { resamples, seedOf } from './scorecard.ts';
import { sequentialLook } from './sequential-look.ts';
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

/** An interval with what follows from it. */
interface Finding {
  readonly pair: Pair;
  readonly interval: Pick<Comparison, 'difference' | 'low' | 'high' | 'method'>;
  /** Groups of dependent rows; null when each row stands for itself. */
  readonly clusters: number | null;
  readonly p: number | null;
  readonly eValue: number | null;
}

/**
 * Compares two arms that answered the same rows in the same order, by the interval of {@link decidingInterval} at the
 * confidence of the policy. Rows are taken in the order of their ids, so that the order of the suite changes nothing;
 * what is resampled has a seed from the suite's digest. Under a sequential policy the other arm may have answered only
 * the first rows, and the confidence sequence of {@link sequentialLook} decides, in the order of asking.
 *
 * The exact McNemar p value (the sign test, where scores are graded) takes rows as independent, and is reported beside
 * the interval: it decides nothing.
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
  const { metric, confidence, margin } = policy;
  const sides = { candidate: candidate.results, other: other.results, preferences };
  const found = policy.sequential.enabled ? findInOrder(sides, policy) : findAtOnce(sides, policy, suite);
  const { pair, interval } = found;
  const counts = countSigns(rowDifferences(pair, metric) ?? rowDifferences(pair, 'exact_match'));
  const conclusion = conclude(interval, margin);
  const rowsNeeded = furtherRows({ counts, interval, policy, conclusion });
  return {
    armId: other.arm.id,
    label: other.arm.label,
    standIn: other.arm.standIn,
    metric,
    n: counts.n,
    clusters: found.clusters,
    wins: counts.wins,
    losses: counts.losses,
    value:
      metricFacts[metric].shape === 'paired'
        ? null
        : { candidate: metricValue(metric, pair.candidate)(), other: metricValue(metric, pair.other)() },
    ...interval,
    confidence,
    p: found.p,
    eValue: found.eValue,
    mcnemarP: mcnemar(counts.wins, counts.losses).twoSided,
    margin,
    conclusion,
    rowsNeeded,
    power: powerStatement({ n: counts.n, interval, policy, rowsNeeded }),
  };
}

function findAtOnce({ candidate, other, preferences }: Pair, policy: GateRecipe, suite: string): Finding {
  const { metric, confidence, margin, rule, cluster } = policy;
  const pair = { candidate: byRowId(candidate), other: byRowId(other), preferences };
  const clusters = clustersOf(pair.candidate, cluster);
  const evidence = pairedEvidence(pair, { metric, clusters, seed: seedOf(suite), resamples });
  const { units, pAbove, difference, low, high, method } = decidingInterval(evidence, confidence);
  return {
    pair,
    interval: { difference, low, high, method },
    clusters: clusters === undefined ? null : units,
    p: pAbove(rule === 'superior' ? 0 : -margin),
    eValue: null,
  };
}

function findInOrder({ candidate, other, preferences }: Pair, policy: GateRecipe): Finding {
  const look = sequentialLook({ policy, candidate, other, preferences });
  const { difference, low, high, method } = look;
  return {
    pair: { candidate: candidate.slice(0, look.rows), other, preferences },
    interval: { difference, low, high, method },
    clusters: clustersOf(candidate, policy.cluster) === undefined ? null : look.units,
    p: null,
    eValue: look.eValue,
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

/** In the order of their ids. */
export function byRowId(results: readonly RowResult[]): RowResult[] {
  return results.toSorted((left, right) => (left.rowId < right.rowId ? -1 : left.rowId > right.rowId ? 1 : 0));
}
