// From an input to the request that a teacher gets, and the answer, if one was given before.
import { pMapIterable } from 'p-map';
import { renderMessages } from '../../evals/prompt.ts';
import type { ObjectStore } from '../../registry/store.ts';
import type { KeptAnswer } from '../asking/kept-answer.ts';
import type { Question } from '../clients/model-client.ts';
import { answerOf, requestDigest } from '../request-cache.ts';
import type { SourceQuestion } from './source-questions.ts';
import type { Teacher } from './teacher.ts';

export interface LookedUp {
  readonly number: number;
  /** Digest under which the answer is kept: 64 hexadecimal digits. */
  readonly digest: string;
  readonly question: Omit<Question, 'signal'>;
  readonly known: KeptAnswer | undefined;
}

/** Requests to the store at once. */
const lookUps = 16;

/** In the order of the questions, some of which are read ahead. */
export function lookUp(
  store: ObjectStore,
  teacher: Teacher,
  questions: AsyncIterable<SourceQuestion>,
): AsyncIterable<LookedUp> {
  return pMapIterable(
    questions,
    async ({ number, row }) => {
      const question = questionOf(teacher, row);
      const { tools } = row;
      const { identity, arm } = teacher;
      const digest = requestDigest({ identity, model: arm.model, epoch: '', ...question, tools });
      const asked = tools === undefined ? question : { ...question, tools };
      return { number, digest, question: asked, known: await answerOf(store, digest) };
    },
    { concurrency: lookUps, backpressure: 2 * lookUps },
  );
}

function questionOf({ distill }: Teacher, { input, messages }: SourceQuestion['row']) {
  const asked = { input, ...(messages === undefined ? {} : { messages: [...messages] }) };
  return {
    messages: renderMessages(distill.prompt, asked, []),
    maxTokens: distill.max_tokens,
  };
}
