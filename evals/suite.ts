// What all arms of a contest share: the suite's digest and the scoring of one row.
import { hashOf } from '../domain/canonical.ts';
import type { DatasetRow } from '../domain/dataset.ts';
import type { Metric, PromptRecipe } from '../domain/recipe-evaluate.ts';
import { labelParser, parseLabel } from './label.ts';

/** Everything that decides what a score means. */
export interface Suite {
  /** Held-out rows in the order in which they are asked. */
  readonly rows: readonly DatasetRow[];
  readonly prompt: PromptRecipe;
  /** Examples that the few-shot arm is shown. */
  readonly shots: readonly DatasetRow[];
  /** The label set. */
  readonly labels: readonly string[];
  readonly scorers: readonly Metric[];
}

/**
 * SHA-256 of the suite. Scores of two arms may be compared only when it is equal: same rows with the same content
 * in the same order, same prompt and examples, same labels, parser and scorers.
 */
export function suiteDigest({ rows, prompt, shots, labels, scorers }: Suite): string {
  return hashOf({
    rows: rows.map(({ id, input, output, group }) => [id, hashOf({ input, output, group })]),
    prompt,
    shots: shots.map(({ id }) => id),
    labels: labels.toSorted(),
    parser: labelParser,
    scorers: scorers.toSorted(),
  });
}

/** What was read from an answer, and its score. */
export interface RowScore {
  /** The label read from the answer, null when none could be. */
  readonly parsed: string | null;
  readonly score: 0 | 1;
}

/**
 * Reads and scores one answer: 1 when the label read from it is the expected one, else 0. Throws when the expected
 * label is not among the labels, since no answer could then be right.
 */
export function scoreRow(answer: string, expected: string, labels: readonly string[]): RowScore {
  if (!labels.includes(expected)) {
    throw new RangeError('the expected label is not in the label set');
  }
  const parsed = parseLabel(answer, labels);
  return { parsed, score: parsed === expected ? 1 : 0 };
}
