// What the difference between two arms is read from, whatever the shape of the metric.
import { metricFacts, type Metric } from '../domain/metrics.ts';
import type { RowResult } from '../domain/scorecard.ts';
import { metricValue, rowScores } from './metrics/metric-value.ts';
import type { Evidence } from './statistics/deciding-interval.ts';

/** What judges prefer on each row, by row id: from -1 (the other arm) to 1 (the candidate). */
export type Preferences = ReadonlyMap<string, number>;

/** Two arms on the same rows in the same order. */
export interface Pair {
  readonly candidate: readonly RowResult[];
  readonly other: readonly RowResult[];
  /** Needed by metrics that exist between two arms alone. */
  readonly preferences?: Preferences | undefined;
}

interface How {
  readonly metric: Metric;
  /** The cluster of each row; undefined when rows are independent. */
  readonly clusters: readonly string[] | undefined;
  /** Of the bootstrap; the same for every comparison on a suite. */
  readonly seed: number;
  readonly resamples: number;
}

/**
 * Differences of rows (candidate minus other) for metrics that are means over rows, the difference of the metric on
 * resampled rows for all others. Throws RangeError when a row has no score, or no preference, that can be compared.
 */
export function pairedEvidence(pair: Pair, { metric, clusters, seed, resamples }: How): Evidence {
  const { candidate, other } = pair;
  const differences = rowDifferences(pair, metric);
  if (differences !== undefined) {
    return { kind: 'rows', differences, clusters };
  }
  const [ours, theirs] = [metricValue(metric, candidate), metricValue(metric, other)];
  return {
    kind: 'metric',
    statistic: (rows) => ours(rows) - theirs(rows),
    rows: candidate.length,
    clusters,
    seed,
    resamples,
  };
}

/** Candidate minus other on each row, from -1 to 1; undefined for a metric of all rows together. */
export function rowDifferences(pair: Pair, metric: Metric): Float64Array | undefined {
  const { shape } = metricFacts[metric];
  switch (shape) {
    case 'binary':
    case 'graded': {
      const theirs = rowScores(metric, pair.other);
      return rowScores(metric, pair.candidate).map((score, row) => score - (theirs[row] ?? Number.NaN));
    }
    case 'paired':
      return Float64Array.from(pair.candidate, ({ rowId }) => preferenceOf(rowId, metric, pair.preferences));
    case 'corpus':
      return undefined;
    default:
      return shape satisfies never;
  }
}

function preferenceOf(rowId: string, metric: Metric, preferences: Preferences | undefined): number {
  const preference = preferences?.get(rowId);
  if (preference === undefined || !(preference >= -1 && preference <= 1)) {
    throw new RangeError(`row ${rowId} has the ${metric} ${preference ?? 'missing'}, which is no number from -1 to 1`);
  }
  return preference;
}
