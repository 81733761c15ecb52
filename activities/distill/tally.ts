// Takes down what became of each question: into the book for curation, and in figures for the manifest.
import type { DistilledSource } from '../../domain/dataset.ts';
import type { ChatMessage } from '../../evals/prompt.ts';
import type { KeptAnswer } from '../asking/kept-answer.ts';
import type { AnswerBook } from './answer-book.ts';
import type { AnswerFilter } from './answer-filter.ts';
import type { Teacher } from './teacher.ts';

export interface AwaitedInputs {
  readonly inputs: number;
  /** Of all their messages together. */
  readonly turns: number;
  readonly characters: number;
}

export class AnswerTally {
  readonly #teacher: Teacher;
  readonly #book: AnswerBook;
  readonly #filter: AnswerFilter;
  readonly #counts = { inputs: 0, answered: 0, refused: 0, failed: 0, unasked: 0 };
  readonly #awaited = { inputs: 0, turns: 0, characters: 0 };
  readonly #tokens = { promptTokens: 0, completionTokens: 0 };

  readonly #onAnswer: (answers: number) => void;

  constructor(teacher: Teacher, book: AnswerBook, filter: AnswerFilter, onAnswer: (answers: number) => void) {
    this.#teacher = teacher;
    this.#onAnswer = onAnswer;
    this.#book = book;
    this.#filter = filter;
  }

  answered(number: number, kept: KeptAnswer): void {
    const answer = this.#filter(kept);
    this.#counts.inputs += 1;
    this.#counts.answered += 1;
    this.#counts.refused += answer.kind === 'refused' ? 1 : 0;
    this.#tokens.promptTokens += kept.promptTokens;
    this.#tokens.completionTokens += kept.completionTokens;
    this.#book.add(number, answer);
    this.#onAnswer(this.#counts.answered);
  }

  /** `message` holds status and code, never text of the row. */
  failed(number: number, message: string): void {
    this.#counts.inputs += 1;
    this.#counts.failed += 1;
    this.#book.add(number, { kind: 'refused', detail: `could not be answered: ${message}` });
  }

  unasked(number: number): void {
    this.#counts.inputs += 1;
    this.#counts.unasked += 1;
    this.#book.add(number, { kind: 'refused', detail: 'not asked: the budget is spent' });
  }

  /** For a plan, which asks nobody. */
  awaited(number: number, messages: readonly ChatMessage[]): void {
    this.#counts.inputs += 1;
    this.#awaited.inputs += 1;
    this.#awaited.turns += messages.length;
    this.#awaited.characters += messages.reduce((sum, { content }) => sum + content.length, 0);
    this.#book.add(number, { kind: 'awaited' });
  }

  /** What the inputs that are awaited would send. */
  awaitedFigures(): AwaitedInputs {
    return { ...this.#awaited };
  }

  figures(): DistilledSource {
    const { arm, path, distill } = this.#teacher;
    const { price } = distill.teacher;
    const { promptTokens, completionTokens } = this.#tokens;
    const usd = price === undefined ? null : (promptTokens * price.input + completionTokens * price.output) / 1e6;
    return { source: path, provider: arm.provider, model: arm.model, ...this.#counts, ...this.#tokens, usd };
  }
}
