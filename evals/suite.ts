// What all arms of a contest share: the suite's digest and the scoring of one row.
import { hashOf } from '../domain/canonical.ts';
import type { Metric } from '../domain/metrics.ts';
import type { PromptRecipe } from '../domain/recipe-prompt.ts';
import type { RowResult } from '../domain/scorecard.ts';
import type { SuiteRow, Tool } from '../domain/suite.ts';
import type { Task } from '../domain/task.ts';
import { labelParser, parseLabel } from './label.ts';

/** Everything that decides what a score means. */
export interface Suite {
  readonly name: string;
  readonly task: Task;
  /** Held-out rows in the order in which they are asked. */
  readonly rows: readonly SuiteRow[];
  readonly prompt: PromptRecipe;
  /** Examples that the few-shot arm is shown. */
  readonly shots: readonly Shot[];
  /** The label set; empty where the task has none. */
  readonly labels: readonly string[];
  readonly responseSchema?: Readonly<Record<string, unknown>> | undefined;
  readonly tools?: readonly Tool[] | undefined;
  readonly scorers: readonly Metric[];
  /** Names of the slices: `label`, `group` or a tag. They annotate results and decide no score. */
  readonly slices: readonly string[];
  readonly repeats: number;
}

export type Shot = Pick<SuiteRow, 'id' | 'input' | 'output'>;

/**
 * SHA-256 of the suite. Scores of two arms may be compared only when it is equal: same rows with the same content
 * in the same order, same prompt and examples, same labels, parser and scorers. What is as it always was (one
 * answer a row, classification) is left out, so that suites keep their digests when suites learn something new.
 */
export function suiteDigest(suite: Suite): string {
  const { rows, prompt, shots, labels, scorers, task, responseSchema, tools, repeats } = suite;
  return hashOf({
    rows: rows.map(({ id, input, output, group }) => [id, hashOf({ input, output, group })]),
    prompt,
    shots: shots.map(({ id }) => id),
    labels: labels.toSorted(),
    parser: labelParser,
    scorers: scorers.toSorted(),
    ...(task === 'classification' ? {} : { task }),
    ...(responseSchema === undefined ? {} : { responseSchema }),
    ...(tools === undefined ? {} : { tools }),
    ...(repeats === 1 ? {} : { repeats }),
  });
}

/** What was read from an answer, and its scores. */
export type RowScore = Pick<RowResult, 'parsed' | 'score' | 'scores' | 'counts'>;

/** What a row is scored by. */
export type Scoring = Pick<Suite, 'task' | 'labels' | 'responseSchema' | 'tools' | 'scorers'>;

/**
 * Reads and scores one answer by the suite's row metrics. Throws RangeError when the expected answer does not fit the
 * task, such as a label that is not among the labels: no answer could then be right.
 */
export function scoreAnswer(scoring: Scoring, expected: string, answer: string): RowScore {
  const { task, labels } = scoring;
  if (task !== 'classification') {
    throw new RangeError(`answers of ${task} cannot be scored`);
  }
  if (!labels.includes(expected)) {
    throw new RangeError('the expected label is not in the label set');
  }
  const parsed = parseLabel(answer, labels);
  return { parsed, score: parsed === expected ? 1 : 0, scores: {} };
}
