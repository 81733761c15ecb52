// The rows of an imported arm as row results: attempts at one row become one row.
import { BadInput } from '../../domain/bad-input.ts';
import { metricFacts } from '../../domain/metrics.ts';
import type { RowResult } from '../../domain/scorecard.ts';
import type { ChosenScore } from './choose-score.ts';
import type { ImportedArm, ImportedRow } from './imported-arm.ts';

/** How the fields of a log become groups and slices. */
export interface RowFields {
  /** The field whose values are clusters. */
  readonly cluster?: string | undefined;
  readonly slices: readonly string[];
}

/**
 * One result a row, in the order in which the rows come first. Several attempts are averaged, as repeats are; a row
 * with an attempt that failed counts as unanswered, with the failed attempt as a 0. What the log's own check
 * accepted is read as the expected answer, so that label metrics agree with that check.
 *
 * Latency and tokens that the log lacks are 0 in the results; {@link measuredOf} tells which they are.
 *
 * Throws BadInput when one id stands for different rows.
 */
export function rowResults(arm: ImportedArm, score: ChosenScore, fields: RowFields): RowResult[] {
  const attempts = new Map<string, ImportedRow[]>();
  for (const row of arm.rows) {
    const known = attempts.get(row.id);
    if (known === undefined) {
      attempts.set(row.id, [row]);
    } else if (known[0]?.asked === row.asked && known[0].expected === row.expected) {
      known.push(row);
    } else {
      throw new BadInput(`the row id ${row.id} stands for different rows`, { where: arm.label });
    }
  }
  const results = [...attempts.values()].map((rows) => resultOf(rows, score, fields));
  const named = [fields.cluster, ...fields.slices].filter((name) => name !== undefined);
  const absent = named.find((name) => arm.rows.every((row) => !Object.hasOwn(row.fields, name)));
  if (absent !== undefined) {
    throw new BadInput(`no row has a field ${absent}`, {
      where: arm.label,
      hint: 'fields are variables or metadata of promptfoo, metadata of inspect_ai, members of `doc` of lm-eval',
    });
  }
  return results;
}

function resultOf(attempts: readonly ImportedRow[], chosen: ChosenScore, fields: RowFields): RowResult {
  const [first] = attempts;
  if (first === undefined) {
    throw new RangeError('a row has at least one attempt');
  }
  const scored = attempts.map((attempt) => ({ attempt, score: attempt.scores[chosen.name] ?? 0 }));
  const value = meanOf(scored.map(({ score }) => score));
  const failed = attempts.find(({ answer }) => answer === null);
  const shown = failed ?? first;
  const group = fields.cluster === undefined ? undefined : first.fields[fields.cluster];
  return {
    rowId: first.id,
    ...(group === undefined ? {} : { group }),
    slices: Object.fromEntries(
      fields.slices.flatMap((name) => {
        const slice = first.fields[name];
        return slice === undefined ? [] : [[name, slice]];
      }),
    ),
    expected: first.expected,
    answer: shown.answer,
    parsed: shown.answer === null ? null : asParsed(shown, scored[0]?.score ?? 0),
    ...(failed === undefined ? {} : { error: failed.error ?? 'no answer' }),
    refused: false,
    // Full marks or not, where the score has more than two values.
    score: metricFacts[chosen.metric].shape === 'binary' ? value : Number(value === 1),
    scores: chosen.metric === 'exact_match' ? {} : { [chosen.metric]: value },
    ...(attempts.length === 1
      ? {}
      : {
          repeats: scored.map(({ attempt, score }) => ({
            answer: attempt.answer,
            parsed: asParsed(attempt, score),
            score,
          })),
        }),
    logprob: null,
    firstTokenMs: null,
    latencyMs: meanOf(attempts.map(({ latencyMs }) => latencyMs ?? 0)),
    promptTokens: sumOf(attempts.map(({ promptTokens }) => promptTokens ?? 0)),
    completionTokens: sumOf(attempts.map(({ completionTokens }) => completionTokens ?? 0)),
    costUsd: attempts.some(({ costUsd }) => costUsd === null)
      ? null
      : sumOf(attempts.map(({ costUsd }) => costUsd ?? 0)),
    finish: shown.finish,
    cached: attempts.every(({ cached }) => cached),
  };
}

/** What the log's own check accepted is the expected answer; anything else stands for itself. */
function asParsed({ expected, answer }: ImportedRow, score: number): string | null {
  return score === 1 ? expected : (answer?.trim() ?? null);
}

/** What a log measured of its answers. */
export interface Measured {
  readonly latency: boolean;
  readonly tokens: boolean;
}

/** Whether every answer of the arm came with its latency and its tokens. */
export function measuredOf({ rows }: ImportedArm): Measured {
  const answered = rows.filter(({ answer }) => answer !== null);
  return {
    latency: answered.every(({ latencyMs }) => latencyMs !== null),
    tokens: answered.every(({ promptTokens, completionTokens }) => promptTokens !== null && completionTokens !== null),
  };
}

function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
