// A look at a contest while its answers come in: error rates hold however often one looks, and wherever one stops.
import type { GateRecipe } from '../domain/recipe-gate.ts';
import type { RowResult } from '../domain/scorecard.ts';
import type { Conclusion } from '../domain/verdict.ts';
import { clustersOf } from './clusters.ts';
import { rowDifferences, type Preferences } from './paired-evidence.ts';
import { conclude } from './conclude.ts';
import { decidingInterval } from './statistics/deciding-interval.ts';
import { anytimeInterval, bettingWealth, clusterMeans } from './statistics/betting.ts';

/** What is known at one look. */
export interface Look {
  /** Rows that both arms have answered. */
  readonly rows: number;
  /** Independent units among them: rows, or clusters that are complete. */
  readonly units: number;
  /** Evidence for what the rule asks for; the claim is made at 1/α, with α = (1 - confidence) / 2. */
  readonly eValue: number;
  readonly difference: number;
  /** Ends of an interval that holds at all looks at once. */
  readonly low: number;
  readonly high: number;
  readonly method: string;
  readonly conclusion: Conclusion;
  /** Further answers of the other arm would change nothing, so that asking may stop. */
  readonly settled: boolean;
}

interface Looked {
  readonly policy: GateRecipe;
  /** All rows of the suite in the order of asking; which rows make up a cluster is read from these. */
  readonly candidate: readonly RowResult[];
  /** Answers to the first of them. */
  readonly other: readonly RowResult[];
  readonly preferences?: Preferences | undefined;
}

/**
 * Betting on the difference row by row (Waudby-Smith and Ramdas 2024). Rows must be asked in an order that does not
 * depend on the answers and is random with respect to them. Rows in clusters: each complete cluster is one bet, on its
 * mean, in the order of completion, so that clusters count alike whatever their size. The hull with the interval that
 * one look alone would have can only make a claim harder; it keeps early luck, which a sequence never forgets, from
 * outweighing what the rows say now. Throws RangeError for a metric that is no mean over rows, and without rows.
 */
export function sequentialLook({ policy, candidate, other, preferences }: Looked): Look {
  const { metric, margin, confidence, rule, cluster, min_rows: fewest } = policy;
  const rows = other.length;
  const differences = rowDifferences({ candidate: candidate.slice(0, rows), other, preferences }, metric);
  if (differences === undefined) {
    throw new RangeError(`${metric} is no mean over rows, so that it cannot be looked at while answers come in`);
  }
  const clusters = clustersOf(candidate, cluster);
  const bets = clusters === undefined ? differences : completeClusters(differences, clusters);
  const alpha = (1 - confidence) / 2;
  const sequence = bets.length === 0 ? { low: -1, high: 1 } : anytimeInterval(bets, confidence);
  const now = decidingInterval({ kind: 'rows', differences, clusters: clusters?.slice(0, rows) }, confidence);
  const interval = { low: Math.min(sequence.low, now.low), high: Math.max(sequence.high, now.high) };
  const conclusion = conclude(interval, margin);
  const enough = rule === 'superior' ? conclusion === 'superior' : conclusion !== 'inconclusive';
  const units = clusters === undefined ? 'rows' : 'complete groups';
  return {
    rows,
    units: bets.length,
    eValue: bettingWealth(bets, rule === 'superior' ? 0 : -margin, alpha),
    difference: now.difference,
    ...interval,
    method: `hull of confidence sequence by betting over ${bets.length} ${units}, and ${now.method}`,
    conclusion,
    settled: rows >= fewest && (enough || conclusion === 'worse'),
  };
}

/** The same policy for arms that have answered everything before anybody looks. */
export function withoutLooks(policy: GateRecipe): GateRecipe {
  return { ...policy, sequential: { ...policy.sequential, enabled: false } };
}

/** Means of the clusters whose rows have all been answered, in the order in which they became complete. */
function completeClusters(differences: Float64Array, clusters: readonly string[]): Float64Array {
  const lastRow = new Map(clusters.map((name, row) => [name, row]));
  const complete = clusters
    .slice(0, differences.length)
    .map((name, row) => ({ name, row, last: lastRow.get(name) ?? row }))
    .filter(({ last }) => last < differences.length)
    .toSorted((left, right) => left.last - right.last);
  return clusterMeans(
    complete.map(({ row }) => differences[row] ?? Number.NaN),
    complete.map(({ name }) => name),
  );
}
