// One arm's rows become its scorecard: metrics with intervals, failures, latency, tokens and cost.
import type { BlobRef } from '../domain/refs.ts';
import { metricFacts, type Metric } from '../domain/metrics.ts';
import type { Arm, Interval, RowResult, Scorecard } from '../domain/scorecard.ts';
import { bootstrapInterval } from './statistics/bootstrap.ts';
import { clusterInterval } from './statistics/cluster.ts';
import { quantile } from './statistics/resample.ts';
import { wilsonInterval } from './statistics/wilson.ts';
import { clustersOf } from './clusters.ts';
import { calibrationOf } from './metrics/calibration.ts';
import { metricValue } from './metrics/metric-value.ts';
import { requireAnswers } from './require-answers.ts';

/** Confidence of the intervals on a scorecard; the gate makes its own at the confidence of the recipe. */
const confidence = 0.95;
/** Resamples of every bootstrap: the ends of the interval then vary by about 1 % of its width between seeds. */
export const resamples = 10_000;

/** What a scorecard is made of. */
export interface ScorecardInput {
  readonly arm: Arm;
  /** Digest of the suite; it also seeds the bootstrap. */
  readonly suite: string;
  /** Ids of the suite's rows in order; the results must be exactly these. */
  readonly rowIds: readonly string[];
  readonly results: readonly RowResult[];
  readonly scorers: readonly Metric[];
  /** Wall-clock seconds of the evaluation activities. */
  readonly seconds: number;
  /** Where the results are stored. */
  readonly resultsRef: BlobRef;
}

/**
 * Throws when a row is missing, doubled, out of order or has a score that is not a number. Exact match has Wilson's
 * interval; when rows carry groups, the hull of that and the cluster-robust t interval, by the same rule as at the
 * gate. Macro-F1 has a BCa bootstrap interval that draws whole groups.
 */
export function buildScorecard(input: ScorecardInput): Scorecard {
  const { arm, suite, rowIds, results, scorers, seconds, resultsRef } = input;
  requireAnswers(arm.id, rowIds, results);
  const timed = results.filter(({ answer, latencyMs }) => answer !== null && latencyMs > 0);
  const latencies = new Float64Array(timed.length);
  timed.forEach(({ latencyMs }, at) => (latencies[at] = latencyMs));
  latencies.sort();
  return {
    arm,
    suite,
    n: results.length,
    correct: results.filter(({ score }) => score === 1).length,
    metrics: Object.fromEntries(
      scorers.filter(existsAlone).map((metric) => [metric, interval(metric, results, suite)]),
    ),
    calibration: calibrationOf(results),
    parseFailures: results.filter(({ answer, parsed }) => answer !== null && parsed === null).length,
    errors: results.filter(({ answer }) => answer === null).length,
    latencyMs:
      latencies.length === 0 ? { p50: 0, p95: 0 } : { p50: quantile(latencies, 0.5), p95: quantile(latencies, 0.95) },
    tokens: {
      prompt: sum(results, ({ promptTokens }) => promptTokens),
      completion: sum(results, ({ completionTokens }) => completionTokens),
    },
    costUsd: results.some(({ costUsd }) => costUsd === null) ? null : sum(results, ({ costUsd }) => costUsd ?? 0),
    paidUsd: sum(results, ({ costUsd, cached }) => (cached ? 0 : (costUsd ?? 0))),
    seconds,
    results: resultsRef,
  };
}

/** A preference exists only between two arms; it is judged apart. */
function existsAlone(metric: Metric): boolean {
  return metricFacts[metric].shape !== 'paired';
}

/** The seed of every random choice about a suite: taken from its digest, so that it needs no record of its own. */
export function seedOf(suite: string): number {
  return Number.parseInt(suite.slice(0, 12), 16);
}

function interval(metric: Metric, results: readonly RowResult[], suite: string): Interval {
  const clusters = clustersOf(results);
  if (metric === 'exact_match') {
    return exactMatch(results, clusters);
  }
  const valueOf = metricValue(metric, results);
  const plan = { rows: results.length, clusters, confidence, seed: seedOf(suite), resamples };
  const { value, low, high } = bootstrapInterval(plan, valueOf);
  return { value, low, high };
}

function exactMatch(results: readonly RowResult[], clusters: readonly string[] | undefined): Interval {
  const scores = results.map(({ score }) => score);
  const right = sum(results, ({ score }) => score);
  const value = right / scores.length;
  const wilson = wilsonInterval(right, scores.length, confidence);
  if (clusters === undefined) {
    return { value, ...wilson };
  }
  if (new Set(clusters).size < 2) {
    return { value, low: 0, high: 1 };
  }
  const robust = clusterInterval(scores, clusters, confidence);
  return {
    value,
    low: Math.max(0, Math.min(wilson.low, robust.low)),
    high: Math.min(1, Math.max(wilson.high, robust.high)),
  };
}

function sum(results: readonly RowResult[], valueOf: (result: RowResult) => number): number {
  return results.reduce((total, result) => total + valueOf(result), 0);
}
