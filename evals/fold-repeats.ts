// Several answers to one row become one result, before anything is compared.
import { metricSchema } from '../domain/metrics.ts';
import type { RowResult } from '../domain/scorecard.ts';

/**
 * Means over the repeats of one row; `repeats` keeps the single answers. Text, parsed answer and finish are those of the
 * first. A row with a repeat that was not answered is unanswered as a whole, and one with a repeat whose time was not
 * measured has none. Throws RangeError when there is no answer.
 */
export function foldRepeats(answers: readonly RowResult[]): RowResult {
  const [first] = answers;
  if (first === undefined) {
    throw new RangeError('a row without an answer cannot be folded');
  }
  if (answers.length === 1) {
    return first;
  }
  const unanswered = answers.find(({ error }) => error !== undefined);
  const mean = (value: (answer: RowResult) => number): number =>
    answers.reduce((sum, answer) => sum + value(answer), 0) / answers.length;
  const total = (value: (answer: RowResult) => number): number =>
    answers.reduce((sum, answer) => sum + value(answer), 0);
  const metrics = metricSchema.options.filter((metric) => first.scores[metric] !== undefined);
  return {
    ...(unanswered ?? first),
    score: mean(({ score }) => score),
    scores: Object.fromEntries(metrics.map((metric) => [metric, mean(({ scores }) => scores[metric] ?? 0)])),
    ...(first.counts === undefined
      ? {}
      : {
          counts: {
            expected: mean(({ counts }) => counts?.expected ?? 0),
            given: mean(({ counts }) => counts?.given ?? 0),
            matched: mean(({ counts }) => counts?.matched ?? 0),
            overlapping: mean(({ counts }) => counts?.overlapping ?? 0),
          },
        }),
    repeats: answers.map(({ answer, parsed, score }) => ({ answer, parsed, score })),
    refused: answers.every(({ refused }) => refused),
    latencyMs: answers.every(({ latencyMs }) => latencyMs > 0) ? mean(({ latencyMs }) => latencyMs) : 0,
    promptTokens: total(({ promptTokens }) => promptTokens),
    completionTokens: total(({ completionTokens }) => completionTokens),
    costUsd: answers.some(({ costUsd }) => costUsd === null) ? null : total(({ costUsd }) => costUsd ?? 0),
    cached: answers.every(({ cached }) => cached),
  };
}
