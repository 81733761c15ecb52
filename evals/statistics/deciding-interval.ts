// The interval of a difference that decides, by kind of evidence: every verdict rests on one of these.
import { clusteredInterval } from './clustered-interval.ts';
import { independentInterval } from './independent-interval.ts';
import type { DecidingInterval } from './interval-hull.ts';
import { metricInterval } from './metric-interval.ts';
import type { Statistic } from './resample.ts';

/** What a difference (candidate minus other) is read from. */
export type Evidence =
  | {
      /** The difference is a mean over rows: exact match, or any score from 0 to 1. */
      readonly kind: 'rows';
      /** Difference of the scores of each row, from -1 to 1. */
      readonly differences: ArrayLike<number>;
      /** The cluster of each row; rows are taken as independent when absent. */
      readonly clusters?: readonly string[] | undefined;
    }
  | {
      /** The difference is that of a metric which is no mean over rows, such as macro-F1. */
      readonly kind: 'metric';
      /** Difference of the metric on chosen rows. */
      readonly statistic: Statistic;
      readonly rows: number;
      readonly clusters?: readonly string[] | undefined;
      readonly seed: number;
      readonly resamples: number;
    };

/**
 * Rows that are only right or wrong: Tango's score interval. Other scores: the hull of the bounded score interval and the
 * paired t interval. Clusters: the hull of the interval of independent rows, the corrected cluster-robust t interval and
 * the cluster score interval, these two no wider than what holds for any independent clusters. Metrics: the hull of the BCa bootstrap and the jackknife t interval. A hull has the lower
 * of the lows and the higher of the highs, so each part can only make a verdict harder; with a single cluster nothing is
 * known of others, and the interval is [-1, 1].
 *
 * Error rates by simulation: docs/benchmarks/simulation.md. Throws RangeError on differences beyond [-1, 1], on clusters
 * that do not match the rows, and when there are no rows.
 */
export function decidingInterval(evidence: Evidence, confidence: number): DecidingInterval {
  const { clusters } = evidence;
  const rows = evidence.kind === 'rows' ? evidence.differences.length : evidence.rows;
  if (clusters !== undefined && clusters.length !== rows) {
    throw new RangeError(`${rows} rows with ${clusters.length} cluster names`);
  }
  const grouped = clusters !== undefined && new Set(clusters).size < clusters.length;
  switch (evidence.kind) {
    case 'rows':
      return grouped
        ? clusteredInterval(evidence.differences, clusters, confidence)
        : independentInterval(evidence.differences, confidence);
    case 'metric':
      return metricInterval({ ...evidence, clusters: grouped ? clusters : undefined }, confidence);
    default:
      return evidence satisfies never;
  }
}
