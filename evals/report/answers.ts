// One arm's answers in columns: what the report needs of them, at a fraction of the memory of the records.
import type { Metric } from '../../domain/metrics.ts';
import { isRowMetric } from '../../domain/metrics.ts';
import type { LabelledResult } from '../metrics/coded-results.ts';
import type { RowResult } from '../../domain/scorecard.ts';

/** Answers by the number of the row; every list has one entry a row. */
export interface Answers {
  readonly rowIds: readonly string[];
  readonly expected: readonly string[];
  /** Raw text; null where there is none. */
  readonly answer: readonly (string | null)[];
  /** What the parser read; null where it could not. */
  readonly parsed: readonly (string | null)[];
  readonly finish: readonly string[];
  /** Why there is no answer, of the rows that have none. */
  readonly errors: ReadonlyMap<number, string>;
  /** The single answers, of rows that were asked several times. */
  readonly repeats: ReadonlyMap<number, NonNullable<RowResult['repeats']>>;
  readonly refused: Uint8Array;
  /** From 0 to 1 by the metric that decides, or by exact match where that metric is none of single rows. */
  readonly score: Float64Array;
  readonly latencyMs: Float64Array;
  /** NaN where the answer was not streamed. */
  readonly firstTokenMs: Float64Array;
  /** NaN where the price is not known. */
  readonly costUsd: Float64Array;
  readonly promptTokens: Uint32Array;
  readonly completionTokens: Uint32Array;
  /** Value of every row in each slice of the suite. */
  readonly slices: ReadonlyMap<string, readonly string[]>;
}

/**
 * Takes results one by one, so that no more than one record need be in memory. Texts that come again, such as
 * labels, are kept once. Throws RangeError when there are more or fewer than `n`.
 *
 * @param metric the metric that decides
 */
export async function collectAnswers(
  results: Iterable<RowResult> | AsyncIterable<RowResult>,
  n: number,
  metric: Metric,
): Promise<Answers> {
  const known = new Map<string, string>();
  const once = (text: string): string => {
    const found = known.get(text);
    if (found === undefined && text.length <= 64) {
      known.set(text, text);
    }
    return found ?? text;
  };
  const answers = emptyAnswers(n);
  let row = 0;
  for await (const result of results) {
    if (row === n) {
      throw new RangeError(`there are more than the ${n} results that the scorecard counts`);
    }
    put(answers, row, result, metric, once);
    row += 1;
  }
  if (row !== n) {
    throw new RangeError(`there are ${row} results and not the ${n} that the scorecard counts`);
  }
  return answers;
}

function emptyAnswers(n: number) {
  return {
    rowIds: [] as string[],
    expected: [] as string[],
    answer: [] as (string | null)[],
    parsed: [] as (string | null)[],
    finish: [] as string[],
    errors: new Map<number, string>(),
    repeats: new Map<number, NonNullable<RowResult['repeats']>>(),
    refused: new Uint8Array(n),
    score: new Float64Array(n),
    latencyMs: new Float64Array(n),
    firstTokenMs: new Float64Array(n),
    costUsd: new Float64Array(n),
    promptTokens: new Uint32Array(n),
    completionTokens: new Uint32Array(n),
    slices: new Map<string, string[]>(),
  };
}

function put(
  answers: ReturnType<typeof emptyAnswers>,
  row: number,
  result: RowResult,
  metric: Metric,
  once: (text: string) => string,
): void {
  answers.rowIds.push(result.rowId);
  answers.expected.push(once(result.expected));
  answers.answer.push(result.answer === null ? null : once(result.answer));
  answers.parsed.push(result.parsed === null ? null : once(result.parsed));
  answers.finish.push(once(result.finish));
  if (result.answer === null) {
    answers.errors.set(row, result.error ?? '');
  }
  if (result.repeats !== undefined) {
    answers.repeats.set(row, result.repeats);
  }
  answers.refused[row] = result.refused ? 1 : 0;
  answers.score[row] =
    metric !== 'exact_match' && isRowMetric(metric) ? (result.scores[metric] ?? result.score) : result.score;
  answers.latencyMs[row] = result.latencyMs;
  answers.firstTokenMs[row] = result.firstTokenMs ?? Number.NaN;
  answers.costUsd[row] = result.costUsd ?? Number.NaN;
  answers.promptTokens[row] = result.promptTokens;
  answers.completionTokens[row] = result.completionTokens;
  for (const [slice, value] of Object.entries(result.slices)) {
    const values = answers.slices.get(slice) ?? Array.from({ length: row }, () => '');
    values[row] = once(value);
    answers.slices.set(slice, values);
  }
}

/** The rows as metrics over labels and fields take them. */
export function labelledResults({ rowIds, expected, parsed, repeats }: Answers): LabelledResult[] {
  return rowIds.map((rowId, row) => ({
    rowId,
    expected: expected[row] ?? '',
    parsed: parsed[row] ?? null,
    repeats: repeats.get(row),
  }));
}
