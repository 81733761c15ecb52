// What a teacher said to the record of a source, as the engine takes it in place of an output.
import type { MappedRow } from '../map-row.ts';
import type { Drop, Dropped } from './row-steps.ts';

/** `awaited` counts as an empty answer: for a plan, and for finding out what is to be asked. */
export type TeacherAnswer =
  | { readonly kind: 'text'; readonly text: string }
  /** Why there is no answer that may be used, without a word of it. */
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'awaited' };

/** The row with the teacher's answer as its output. */
export function withAnswer(row: MappedRow | Drop, answer: TeacherAnswer | undefined): MappedRow | Drop {
  return answer?.kind === 'text' && !('rule' in row) ? { ...row, output: answer.text } : row;
}

/** The drop of a row that passed everything else. */
export function refusedBy(answer: TeacherAnswer | undefined): Dropped | undefined {
  return answer?.kind === 'refused' ? { rule: 'teacher_refused', detail: answer.detail } : undefined;
}

/** Answers one record after another, in the order of the file. */
export class AnswersInOrder {
  readonly #file: string;
  readonly #answers: AsyncIterator<TeacherAnswer>;

  constructor(file: string, answers: AsyncIterable<TeacherAnswer>) {
    this.#file = file;
    this.#answers = answers[Symbol.asyncIterator]();
  }

  /** The answers to the next records. Throws Error when there are fewer: the file is not the one that was asked. */
  async take(count: number): Promise<TeacherAnswer[]> {
    const taken: TeacherAnswer[] = [];
    while (taken.length < count) {
      const next = await this.#answers.next();
      if (next.done === true) {
        throw new Error(`${this.#file} has more records than were asked`);
      }
      taken.push(next.value);
    }
    return taken;
  }

  /** Throws Error when answers are left over. */
  async end(): Promise<void> {
    if ((await this.#answers.next()).done !== true) {
      throw new Error(`${this.#file} has fewer records than were asked`);
    }
  }
}
