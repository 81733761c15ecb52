// A metric as a function of rows: what scorecards, comparisons and slices all compute it with.
import { metricFacts, type Metric } from '../../domain/metrics.ts';
import type { RowResult } from '../../domain/scorecard.ts';
import { codeAnswers, macroF1 } from '../statistics/macro-f1.ts';

/** Value of a metric on the rows with these indices, repeats allowed; on all rows when absent. */
export type MetricValue = (rows?: Int32Array) => number;

/**
 * Prepares a metric over one arm's results, in typed arrays, so that it can be bootstrapped. Throws RangeError when
 * the results were not scored by it.
 */
export function metricValue(metric: Metric, results: readonly RowResult[]): MetricValue {
  const { shape } = metricFacts[metric];
  if (shape === 'binary' || shape === 'graded') {
    const scores = rowScores(metric, results);
    return (rows) => meanOf(scores, rows);
  }
  if (metric === 'macro_f1') {
    const answers = codeAnswers(results);
    return (rows) => macroF1(answers, rows);
  }
  throw new RangeError(`${metric} is no function of one arm's rows`);
}

/** Score of each row by a row metric. Throws RangeError when a row has none, or one that is no number from 0 to 1. */
export function rowScores(metric: Metric, results: readonly RowResult[]): Float64Array {
  return Float64Array.from(results, (result) => {
    const score = metric === 'exact_match' ? result.score : result.scores[metric];
    if (score === undefined || !(score >= 0 && score <= 1)) {
      throw new RangeError(
        `row ${result.rowId} has the ${metric} ${score ?? 'missing'}, which is no number from 0 to 1`,
      );
    }
    return score;
  });
}

function meanOf(scores: Float64Array, rows: Int32Array | undefined): number {
  let sum = 0;
  const count = rows === undefined ? scores.length : rows.length;
  for (let position = 0; position < count; position += 1) {
    sum += scores[rows === undefined ? position : (rows[position] ?? 0)] ?? 0;
  }
  return sum / count;
}
