// What all arms of a contest share: rows, prompt and scorers, and the digest of all that.
import { hashOf } from '../domain/canonical.ts';
import type { Metric } from '../domain/metrics.ts';
import type { PromptRecipe } from '../domain/recipe-prompt.ts';
import type { RowResult } from '../domain/scorecard.ts';
import type { SuiteRow, Tool } from '../domain/suite.ts';
import type { Task } from '../domain/task.ts';
import { labelParser } from './label.ts';
import { refusalParser } from './refusal.ts';

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
  /** How answers of classification are read; `label` when absent. */
  readonly parser?: 'label' | 'refusal' | undefined;
  readonly scorers: readonly Metric[];
  /** Names of the slices: `label`, `group` or a tag. They annotate results and decide no score. */
  readonly slices: readonly string[];
  readonly repeats: number;
  /** Whether endpoints are asked for log probabilities; decides no score. */
  readonly logprobs?: boolean | undefined;
}

export type Shot = Pick<SuiteRow, 'id' | 'input' | 'output' | 'messages'>;

/**
 * SHA-256 of the suite. Scores of two arms may be compared only when it is equal: same rows with the same content
 * in the same order, same prompt and examples, same labels, parser and scorers. What is as it always was (one
 * answer a row, classification) is left out, so that suites keep their digests when suites learn something new.
 */
export function suiteDigest(suite: Suite): string {
  const { rows, prompt, shots, labels, scorers, task, responseSchema, tools, repeats } = suite;
  return hashOf({
    rows: rowDigests(rows),
    prompt,
    shots: shots.map(({ id }) => id),
    labels: labels.toSorted(),
    parser: readerOf(suite),
    scorers: scorers.toSorted(),
    ...(task === 'classification' ? {} : { task }),
    ...(responseSchema === undefined ? {} : { responseSchema }),
    ...(tools === undefined ? {} : { tools }),
    ...(repeats === 1 ? {} : { repeats }),
  });
}

/** One by one: the digests of 100,000 rows need not be in memory together. */
function* rowDigests(rows: Suite['rows']): Generator<[string, string]> {
  for (const { id, input, output, group, messages, tools } of rows) {
    yield [id, hashOf({ input, output, group, messages, tools })];
  }
}

/** The rules by which answers are read, with their version: changed rules make a new suite. */
function readerOf({ task, parser }: Suite): string {
  const label = parser === 'refusal' ? refusalParser : labelParser;
  return task === 'classification' ? label : `${task}/1`;
}

/** What was read from an answer, and its scores. */
export type RowScore = Pick<RowResult, 'parsed' | 'score' | 'scores' | 'counts'>;

/** What a row is scored by. */
export type Scoring = Pick<Suite, 'task' | 'labels' | 'responseSchema' | 'tools' | 'parser' | 'scorers' | 'prompt'>;

/** What a task's scorer sees of a row. */
export type ScoredRow = Pick<SuiteRow, 'input' | 'output' | 'tools'>;

/** Value of a row in each of the suite's slices; a row without the tag is in none of that slice. */
export function slicesOf({ slices }: Pick<Suite, 'slices'>, row: SuiteRow): Record<string, string> {
  const values = slices.flatMap((slice): [string, string][] => {
    const value = slice === 'label' ? row.output : slice === 'group' ? row.group : row.tags?.[slice];
    return value === undefined ? [] : [[slice, value]];
  });
  return Object.fromEntries(values);
}
