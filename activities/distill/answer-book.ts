// Answers by the number of their question, in a file: they would not fit into memory.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { TeacherAnswer } from '../../datasets/engine/teacher-answer.ts';

/** Written and read by one process; whoever makes it removes its file. */
export class AnswerBook {
  readonly #file: number;
  readonly #offsets: number[] = [];
  readonly #lengths: number[] = [];
  #end = 0;

  /** `path` is of a file that is not there yet. */
  constructor(path: string) {
    this.#file = openSync(path, 'wx+', 0o600);
  }

  add(number: number, answer: TeacherAnswer): void {
    const bytes = Buffer.from(JSON.stringify(answer));
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.#file, bytes, done, bytes.length - done, this.#end + done);
    }
    this.#offsets[number] = this.#end;
    this.#lengths[number] = bytes.length;
    this.#end += bytes.length;
  }

  /** Throws Error for a number that nothing was added under. */
  get(number: number): TeacherAnswer {
    const offset = this.#offsets[number];
    const length = this.#lengths[number] ?? 0;
    if (offset === undefined) {
      throw new Error(`question ${number} has no answer`);
    }
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length;) {
      const read = readSync(this.#file, bytes, done, length - done, offset + done);
      if (read === 0) {
        throw new Error('the file of answers is cut off');
      }
      done += read;
    }
    // This process wrote it.
    return JSON.parse(bytes.toString('utf8'));
  }

  close(): void {
    closeSync(this.#file);
  }
}
