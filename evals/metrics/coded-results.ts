// Answers as small integers, from the results of one arm: what metrics over labels compute with.
import type { RowResult } from '../../domain/scorecard.ts';

/** What one answer to a row was read as; a row that was asked several times has several. */
export interface LabelAnswer {
  readonly expected: string;
  readonly parsed: string | null;
}

/** What is known of a row where only its labels matter. */
export type LabelledResult = Pick<RowResult, 'rowId' | 'expected' | 'parsed' | 'repeats'>;

/** The single answers of each row, one row after the other, and how many each row has: the same number for all. */
export function singleAnswers(results: readonly LabelledResult[]): { answers: LabelAnswer[]; perRow: number } {
  const perRow = results[0]?.repeats?.length ?? 1;
  const answers = results.flatMap(({ rowId, expected, parsed, repeats }) => {
    if ((repeats?.length ?? 1) !== perRow) {
      throw new RangeError(`row ${rowId} was asked ${repeats?.length ?? 1} times and others ${perRow}`);
    }
    return (repeats ?? [{ parsed }]).map((single) => ({ expected, parsed: single.parsed }));
  });
  return { answers, perRow };
}

/** Indices of answers from indices of rows. Rows as they are when each has one answer. */
export function answersOf(rows: Int32Array | undefined, perRow: number): Int32Array | undefined {
  if (rows === undefined || perRow === 1) {
    return rows;
  }
  const answers = new Int32Array(rows.length * perRow);
  for (let position = 0; position < answers.length; position += 1) {
    answers[position] = (rows[Math.floor(position / perRow)] ?? 0) * perRow + (position % perRow);
  }
  return answers;
}
