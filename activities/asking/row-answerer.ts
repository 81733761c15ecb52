// From a row of the suite to its result: prompt, cache, question, score.
import type { RowResult } from '../../domain/scorecard.ts';
import type { SuiteRow } from '../../domain/suite.ts';
import { answerText, scoreAnswer } from '../../evals/score-answer.ts';
import { slicesOf } from '../../evals/suite.ts';
import type { AskedSuite } from '../asked-suite.ts';
import type { SpendingLimit } from '../budget.ts';
import type { Asked } from './ask-row.ts';
import type { KeptAnswer } from './kept-answer.ts';
import type { RowQuestion, RowQuestions } from './row-questions.ts';

export interface RowAnswerer {
  answer(row: SuiteRow, repeat: number): Promise<RowResult>;
  /** Paid by this run for the answers so far, whichever attempt asked. */
  paidUsd(): number;
  /** Why rows were left unanswered that others of the arm will be as well; null when none was. */
  stopped(): 'budget' | 'down' | null;
}

interface Parts {
  readonly suite: AskedSuite;
  /** Key of the run that pays. */
  readonly runKey: string;
  readonly limit: SpendingLimit;
  /** The answer to a question, if it was given before. */
  readonly known: (digest: string) => KeptAnswer | undefined;
  readonly ask: (question: RowQuestion) => Promise<Asked>;
  readonly questionOf: RowQuestions;
}

export function rowAnswerer({ suite, runKey, limit, known, ask, questionOf }: Parts): RowAnswerer {
  let paid = 0;
  let stopped: 'budget' | 'down' | null = null;

  async function answerTo(row: SuiteRow, repeat: number): Promise<Asked> {
    const question = questionOf(row, repeat);
    const answer = known(question.digest);
    if (answer !== undefined) {
      if (answer.paidBy === runKey) {
        limit.charge(answer);
      }
      return { kind: 'answer', answer };
    }
    if (stopped !== null) {
      return { kind: 'none', because: stopped, message: stopReasons[stopped] };
    }
    return await ask(question);
  }

  function resultOf(row: SuiteRow, answer: KeptAnswer): RowResult {
    const text = answerText(suite.task, answer);
    const cached = answer.paidBy !== runKey;
    const costUsd = limit.priceOf(answer.promptTokens, answer.completionTokens);
    paid += cached ? 0 : (costUsd ?? 0);
    return {
      ...common(suite, row),
      answer: text,
      ...scoreAnswer(suite, row, text, answer.refused),
      refused: answer.refused,
      latencyMs: answer.latencyMs,
      firstTokenMs: answer.firstTokenMs,
      promptTokens: answer.promptTokens,
      completionTokens: answer.completionTokens,
      logprob: answer.logprob,
      costUsd,
      finish: answer.finish,
      cached,
    };
  }

  return {
    paidUsd: () => paid,
    stopped: () => stopped,
    async answer(row, repeat) {
      const outcome = await answerTo(row, repeat);
      if (outcome.kind === 'answer') {
        return resultOf(row, outcome.answer);
      }
      if (outcome.because !== 'row') {
        stopped ??= outcome.because;
      }
      return { ...common(suite, row), ...noAnswer, ...scoreAnswer(suite, row, null), error: outcome.message };
    },
  };
}

/** The result of a row that was not asked. */
export function unansweredRow(suite: AskedSuite, row: SuiteRow, because: keyof typeof stopReasons): RowResult {
  return { ...common(suite, row), ...noAnswer, ...scoreAnswer(suite, row, null), error: stopReasons[because] };
}

export const stopReasons = { budget: 'the budget is spent', down: 'the endpoint no longer answers' } as const;

function common(suite: AskedSuite, row: SuiteRow) {
  return {
    rowId: row.id,
    expected: row.output,
    slices: slicesOf(suite, row),
    ...(row.group === undefined ? {} : { group: row.group }),
  };
}

const noAnswer = {
  answer: null,
  refused: false,
  latencyMs: 0,
  firstTokenMs: null,
  promptTokens: 0,
  completionTokens: 0,
  logprob: null,
  costUsd: null,
  finish: 'none',
  cached: false,
} satisfies Partial<RowResult>;
