// A metric as a function of rows: what scorecards, comparisons and slices all compute it with.
import type { Metric } from '../../domain/metrics.ts';
import type { RowResult } from '../../domain/scorecard.ts';
import { pooledF1 } from '../statistics/count-f1.ts';
import { codeAnswers, macroF1 } from '../statistics/macro-f1.ts';
import { matthews } from '../statistics/matthews.ts';
import { microF1 } from '../statistics/micro-f1.ts';
import { answersOf, singleAnswers } from './coded-results.ts';
import { codeSets, setMacroF1 } from './set-macro-f1.ts';

/** Value of a metric on the rows with these indices, repeats allowed; on all rows when absent. */
export type MetricValue = (rows?: Int32Array) => number;

/**
 * Prepares a metric over one arm's results, in typed arrays, so that it can be bootstrapped. A row that was asked
 * several times counts with all its answers. Throws RangeError when the results were not scored by the metric, and for
 * `judge_preference`, which two arms have together.
 */
export function metricValue(metric: Metric, results: readonly RowResult[]): MetricValue {
  switch (metric) {
    case 'macro_f1':
      return areSets(results) ? setMacro(results) : ofLabels(results, macroF1);
    case 'micro_f1':
      return areSets(results) ? ofCounts(results, 'matched') : ofLabels(results, microF1);
    case 'mcc':
      return ofLabels(results, matthews);
    case 'span_f1':
      return ofCounts(results, 'matched');
    case 'span_f1_relaxed':
      return ofCounts(results, 'overlapping');
    case 'judge_preference':
      throw new RangeError(`${metric} is no function of one arm's rows`);
    case 'exact_match':
    case 'verbatim_match':
    case 'set_f1':
    case 'json_validity':
    case 'field_match':
    case 'field_f1':
    case 'rouge_1':
    case 'rouge_2':
    case 'rouge_l':
    case 'tool_name':
    case 'tool_arguments':
    case 'passed':
    case 'mean_score': {
      const scores = rowScores(metric, results);
      return (rows) => meanOf(scores, rows);
    }
    default:
      return metric satisfies never;
  }
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

/** Rows of sets carry counts of their items, rows of single labels do not. */
function areSets(results: readonly RowResult[]): boolean {
  return results.some(({ counts }) => counts !== undefined);
}

function ofLabels(
  results: readonly RowResult[],
  value: (coded: ReturnType<typeof codeAnswers>, rows?: Int32Array) => number,
): MetricValue {
  const { answers, perRow } = singleAnswers(results);
  const coded = codeAnswers(answers);
  return (rows) => value(coded, answersOf(rows, perRow));
}

function setMacro(results: readonly RowResult[]): MetricValue {
  const { answers, perRow } = singleAnswers(results);
  const coded = codeSets(answers);
  return (rows) => setMacroF1(coded, answersOf(rows, perRow));
}

/** F1 of the items of all rows together. */
function ofCounts(results: readonly RowResult[], matches: 'matched' | 'overlapping'): MetricValue {
  const counted = results.map(({ rowId, counts }) => {
    if (counts === undefined) {
      throw new RangeError(`row ${rowId} has no counts of its items`);
    }
    return counts;
  });
  const counts = {
    expected: Float64Array.from(counted, ({ expected }) => expected),
    given: Float64Array.from(counted, ({ given }) => given),
    matched: Float64Array.from(counted, (row) => row[matches]),
  };
  return (rows) => pooledF1(counts, rows);
}

function meanOf(scores: Float64Array, rows: Int32Array | undefined): number {
  let sum = 0;
  const count = rows === undefined ? scores.length : rows.length;
  for (let position = 0; position < count; position += 1) {
    sum += scores[rows === undefined ? position : (rows[position] ?? 0)] ?? 0;
  }
  return sum / count;
}
