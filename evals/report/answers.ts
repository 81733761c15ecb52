// One arm's answers in columns: what the report needs of them, at a fraction of the memory of the records.
import type { Metric } from '../../domain/metrics.ts';
import type { LabelledResult } from '../metrics/coded-results.ts';
import type { RowResult } from '../../domain/scorecard.ts';
import type { SuiteRow } from '../../domain/suite.ts';

/** Answers by the number of the row in the suite; every list has one entry a row, asked or not. */
export interface Answers {
  readonly rows: number;
  /** 1 where the arm was asked; an arm may stop early, and the rest of its entries then says nothing. */
  readonly asked: Uint8Array;
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
  /** From 0 to 1 by the row metric that is shown; NaN where the arm was not asked. */
  readonly score: Float64Array;
  readonly latencyMs: Float64Array;
  /** NaN where the answer was not streamed. */
  readonly firstTokenMs: Float64Array;
  /** NaN where the price is not known. */
  readonly costUsd: Float64Array;
  readonly promptTokens: Uint32Array;
  readonly completionTokens: Uint32Array;
  /** Value of every row in each slice of the suite; empty where it has none. */
  readonly slices: ReadonlyMap<string, readonly string[]>;
}

/**
 * Takes results one by one, so that no more than one record need be in memory. Texts that come again, such as
 * labels, are kept once. Throws RangeError for a row that is not in the suite, or that comes twice.
 *
 * @param rowIds ids of the suite's rows in their order
 * @param metric the row metric that is shown
 */
export async function collectAnswers(
  results: Iterable<RowResult> | AsyncIterable<RowResult>,
  rowIds: readonly string[],
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
  const answers = emptyAnswers(rowIds.length);
  let places: Map<string, number> | undefined;
  let next = 0;
  for await (const result of results) {
    if (rowIds[next] !== result.rowId) {
      places ??= new Map(rowIds.map((id, row) => [id, row]));
      next = places.get(result.rowId) ?? -1;
    }
    if (next === -1 || answers.asked[next] === 1) {
      throw new RangeError(`row ${result.rowId} ${next === -1 ? 'is not in the suite' : 'was answered twice'}`);
    }
    put(answers, next, result, metric, once);
    next += 1;
  }
  return answers;
}

/** Number of rows that the arm was asked. */
export function askedRows({ asked }: Answers): number {
  return asked.reduce((sum, one) => sum + one, 0);
}

/** The asked rows as metrics over labels and fields take them. */
export function labelledResults({ asked, parsed, repeats }: Answers, rows: readonly SuiteRow[]): LabelledResult[] {
  return rows.flatMap(({ id, output }, row) =>
    asked[row] === 1 ? [{ rowId: id, expected: output, parsed: parsed[row] ?? null, repeats: repeats.get(row) }] : [],
  );
}

function emptyAnswers(rows: number) {
  const nulls = (): (string | null)[] => Array.from({ length: rows }, () => null);
  return {
    rows,
    asked: new Uint8Array(rows),
    answer: nulls(),
    parsed: nulls(),
    finish: Array.from({ length: rows }, () => ''),
    errors: new Map<number, string>(),
    repeats: new Map<number, NonNullable<RowResult['repeats']>>(),
    refused: new Uint8Array(rows),
    score: new Float64Array(rows).fill(Number.NaN),
    latencyMs: new Float64Array(rows),
    firstTokenMs: new Float64Array(rows).fill(Number.NaN),
    costUsd: new Float64Array(rows).fill(Number.NaN),
    promptTokens: new Uint32Array(rows),
    completionTokens: new Uint32Array(rows),
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
  answers.asked[row] = 1;
  answers.answer[row] = result.answer === null ? null : once(result.answer);
  answers.parsed[row] = result.parsed === null ? null : once(result.parsed);
  answers.finish[row] = once(result.finish);
  if (result.answer === null) {
    answers.errors.set(row, result.error ?? '');
  }
  if (result.repeats !== undefined) {
    answers.repeats.set(row, result.repeats);
  }
  answers.refused[row] = result.refused ? 1 : 0;
  answers.score[row] = metric === 'exact_match' ? result.score : (result.scores[metric] ?? result.score);
  answers.latencyMs[row] = result.latencyMs;
  answers.firstTokenMs[row] = result.firstTokenMs ?? Number.NaN;
  answers.costUsd[row] = result.costUsd ?? Number.NaN;
  answers.promptTokens[row] = result.promptTokens;
  answers.completionTokens[row] = result.completionTokens;
  for (const [slice, value] of Object.entries(result.slices)) {
    let values = answers.slices.get(slice);
    if (values === undefined) {
      values = Array.from({ length: answers.rows }, () => '');
      answers.slices.set(slice, values);
    }
    values[row] = once(value);
  }
}
