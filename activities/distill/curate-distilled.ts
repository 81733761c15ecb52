// Curation of a dataset with distilled sources: teachers answer first, then the rows are curated with their answers.
import { tmpdir } from 'node:os';
import { BadInput } from '../../domain/bad-input.ts';
import { curate, rowSettings, type CurateFile, type CurateInput, type Curation } from '../../datasets/curate.ts';
import { RowProcessor } from '../../datasets/engine/process-chunk.ts';
import { ScratchFiles } from '../../datasets/engine/scratch-files.ts';
import type { TeacherAnswer } from '../../datasets/engine/teacher-answer.ts';
import type { DistilledSource } from '../../domain/dataset.ts';
import type { ActivityDeps } from '../deps.ts';
import { AnswerBook } from './answer-book.ts';
import { createAnswerFilter } from './answer-filter.ts';
import { lookUp, type LookedUp } from './look-up.ts';
import { noQuestion, SourceQuestions } from './source-questions.ts';
import { AnswerTally, type AwaitedInputs } from './tally.ts';
import { teacherRemarks } from '../../datasets/teacher-remarks.ts';
import { requireTeacherKeys, teachersOf, type Teacher } from './teacher.ts';

export interface DistilReport {
  readonly teacher: Teacher;
  readonly figures: DistilledSource;
  /** Inputs without an answer, of a plan. */
  readonly awaited: AwaitedInputs;
}

export interface DistilWatch {
  /** Told of each teacher when its answers are there, before the rows are curated. */
  readonly onDistilled?: ((report: DistilReport) => void) | undefined;
  /** Told after every answer, whether asked for or kept from before, how many the teacher has given. */
  readonly onAnswer?: ((teacher: Teacher, answers: number) => void) | undefined;
}

/**
 * Curates as `curate` does. Teachers are asked what they have not answered before; with `plan`, nobody is asked, and
 * missing answers count as empty. Throws what `curate` and `askTeacher` throw, and BadInput for a missing key or a
 * pattern that cannot be used, before anybody is asked.
 */
export async function curateDistilled(
  deps: ActivityDeps,
  input: CurateInput,
  { plan = false, onDistilled, onAnswer }: DistilWatch & { readonly plan?: boolean | undefined } = {},
): Promise<Curation> {
  const teachers = teachersOf(input.name, input.dataset);
  if (teachers.length === 0) {
    return await curate(input);
  }
  if (!plan) {
    requireTeacherKeys(teachers, deps.secret);
  }
  const unicode = input.dataset.curate.unicode;
  const filtered = teachers.map((teacher) => ({
    teacher,
    filter: createAnswerFilter(teacher.distill, unicode, teacher.where),
  }));
  const scratch = await ScratchFiles.create(input.scratch ?? tmpdir());
  const books: AnswerBook[] = [];
  try {
    const files = new Map<CurateFile, CurateFile>();
    const distilled: DistilledSource[] = [];
    for (const { teacher, filter } of filtered) {
      const book = new AnswerBook(scratch.path(`answers-${teacher.source}`));
      books.push(book);
      const tally = new AnswerTally(teacher, book, filter, (answers) => onAnswer?.(teacher, answers));
      const own = input.files.filter(({ source }) => source === teacher.source);
      const questions = await distil(deps, { input, own, teacher, tally, scratch, plan });
      for (const [at, file] of own.entries()) {
        files.set(file, { ...file, answers: () => answersOf(questions.recordsOf(at), book) });
      }
      const figures = tally.figures();
      distilled.push(figures);
      onDistilled?.({ teacher, figures, awaited: tally.awaitedFigures() });
    }
    return await curateAnswered(
      { ...input, files: input.files.map((file) => files.get(file) ?? file), distilled },
      teacherRemarks(distilled),
    );
  } finally {
    books.forEach((book) => book.close());
    await scratch.remove();
  }
}

interface SourceTask {
  readonly input: CurateInput;
  readonly own: readonly CurateFile[];
  readonly teacher: Teacher;
  readonly tally: AnswerTally;
  readonly scratch: ScratchFiles;
  readonly plan: boolean;
}

async function distil(deps: ActivityDeps, task: SourceTask): Promise<SourceQuestions> {
  const { input, own, teacher, tally, scratch, plan } = task;
  const signal = input.signal ?? new AbortController().signal;
  const questions = new SourceQuestions();
  const looked = lookUp(
    deps.store,
    teacher,
    questions.read(own, {
      processor: await RowProcessor.create(rowSettings(input), input.analyzer),
      malformed: input.dataset.curate.malformed,
      scratch: scratch.folder,
      signal,
    }),
  );
  if (plan) {
    await lookOnly(looked, tally, signal);
  } else {
    // The clients of providers take longer to load than most commands to run.
    const { askTeacher } = await import('./ask-teacher.ts');
    await askTeacher(deps, teacher, looked, { tally, signal });
  }
  return questions;
}

async function lookOnly(looked: AsyncIterable<LookedUp>, tally: AnswerTally, signal: AbortSignal): Promise<void> {
  for await (const { number, known, question } of looked) {
    signal.throwIfAborted();
    if (known === undefined) {
      tally.awaited(number, question.messages);
    } else {
      tally.answered(number, known);
    }
  }
}

const dropped: TeacherAnswer = { kind: 'refused', detail: 'not asked: dropped before' };

async function* answersOf(records: readonly number[], book: AnswerBook): AsyncGenerator<TeacherAnswer> {
  for (const number of records) {
    yield number === noQuestion ? dropped : book.get(number);
  }
}

/** What is left undone is said also where too few rows are left for the splits. */
async function curateAnswered(input: CurateInput, remarks: readonly string[]): Promise<Curation> {
  try {
    const curation = await curate(input);
    return { ...curation, remarks: [...remarks, ...curation.remarks] };
  } catch (error) {
    if (!(error instanceof BadInput) || remarks.length === 0) {
      throw error;
    }
    const { message, where, hint } = error;
    throw new BadInput(`${message}\n${remarks.join('\n')}`, {
      ...(where === undefined ? {} : { where }),
      ...(hint === undefined ? {} : { hint }),
      cause: error,
    });
  }
}
