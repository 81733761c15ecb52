// What all arms of a contest share: the suite's digest and the scoring of one row.
import { hashOf } from '../domain/canonical.ts';
import { isRowMetric, type Metric } from '../domain/metrics.ts';
import type { PromptRecipe } from '../domain/recipe-prompt.ts';
import type { RowResult } from '../domain/scorecard.ts';
import type { SuiteRow, Tool } from '../domain/suite.ts';
import type { Task } from '../domain/task.ts';
import { withoutEcho } from './answers/without-echo.ts';
import { labelParser } from './label.ts';
import { refusalParser } from './refusal.ts';
import { scoreClassification } from './tasks/classification.ts';
import { scoreExtraction } from './tasks/extraction.ts';
import { scoreGeneration } from './tasks/generation.ts';
import { scoreMultiLabel } from './tasks/multi-label.ts';
import { scoreRefusal } from './tasks/refusal.ts';
import { scoreNer } from './tasks/ner.ts';
import { scoreToolCalls } from './tasks/tool-calls.ts';

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
    parser: readerOf(suite),
    scorers: scorers.toSorted(),
    ...(task === 'classification' ? {} : { task }),
    ...(responseSchema === undefined ? {} : { responseSchema }),
    ...(tools === undefined ? {} : { tools }),
    ...(repeats === 1 ? {} : { repeats }),
  });
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
export type ScoredRow = Pick<SuiteRow, 'input' | 'output'>;

/** Longer answers are not read: no endpoint sends them, and scoring must stay bounded. */
const maxChars = 2_000_000;

/**
 * Reads and scores one answer by the suite's row metrics; null stands for a row that was not answered and scores
 * nothing. An answer that repeats the prompt or the row is read from where the repetition ends. Throws RangeError
 * when the expected answer does not fit the task, such as a label that is not among the labels: no answer could
 * then be right.
 *
 * @param refused the endpoint itself says that the model declined, whatever the text
 */
export function scoreAnswer(scoring: Scoring, row: ScoredRow, answer: string | null, refused = false): RowScore {
  const read = answer === null || answer.length > maxChars ? null : answer;
  const scored = scoreByTask(scoring, row, read, refused);
  return { ...scored, scores: askedFor(scoring.scorers, scored.scores) };
}

function scoreByTask(scoring: Scoring, row: ScoredRow, answer: string | null, refused: boolean): RowScore {
  const { task, parser } = scoring;
  switch (task) {
    case 'classification':
      return parser === 'refusal'
        ? scoreRefusal(row, { whole: answer, own: own(scoring, row, answer) }, refused)
        : scoreClassification(scoring, row, answer);
    case 'multi_label':
      return scoreMultiLabel(scoring, row, own(scoring, row, answer));
    case 'extraction':
      return scoreExtraction(scoring, row, own(scoring, row, answer));
    case 'ner':
      return scoreNer(scoring, row, own(scoring, row, answer));
    case 'summarization':
    case 'generation':
      return scoreGeneration(scoring, row, own(scoring, row, answer));
    case 'tool_calls':
      return scoreToolCalls(scoring, row, own(scoring, row, answer));
    default:
      return task satisfies never;
  }
}

/** What the answer says of its own; a label stands alone on its line, so classification needs no such care. */
function own({ prompt }: Scoring, { input, output }: ScoredRow, answer: string | null): string | null {
  if (answer === null) {
    return null;
  }
  const asked = prompt.user.replaceAll('{input}', () => input);
  return withoutEcho(answer, [prompt.system ?? '', asked, input], output);
}

/** Only what the suite is scored by; exact match stands in `score`. */
function askedFor(scorers: readonly Metric[], scores: RowScore['scores']): RowScore['scores'] {
  return Object.fromEntries(
    scorers.flatMap((metric) => {
      const score = metric !== 'exact_match' && isRowMetric(metric) ? scores[metric] : undefined;
      return score === undefined ? [] : [[metric, score]];
    }),
  );
}

/** Value of a row in each of the suite's slices; a row without the tag is in none of that slice. */
export function slicesOf({ slices }: Pick<Suite, 'slices'>, row: SuiteRow): Record<string, string> {
  const values = slices.flatMap((slice): [string, string][] => {
    const value = slice === 'label' ? row.output : slice === 'group' ? row.group : row.tags?.[slice];
    return value === undefined ? [] : [[slice, value]];
  });
  return Object.fromEntries(values);
}

/** What of an answer is scored: its text, or the calls that it makes, as JSON. */
export function answerText(
  task: Task,
  answer: {
    readonly text: string;
    readonly toolCalls: readonly { readonly name: string; readonly arguments: string }[];
  },
): string {
  return task === 'tool_calls' && answer.toolCalls.length > 0 ? JSON.stringify(answer.toolCalls) : answer.text;
}
