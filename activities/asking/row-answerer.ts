// From a row of the suite to its result: prompt, cache, question, score.
import type { RowResult } from '../../domain/scorecard.ts';
import type { AskInput } from '../../domain/stage-inputs.ts';
import type { SuiteRow } from '../../domain/suite.ts';
import { renderMessages } from '../../evals/prompt.ts';
import { answerText, scoreAnswer, slicesOf } from '../../evals/suite.ts';
import type { AskedSuite } from '../asked-suite.ts';
import { requestDigest } from '../request-cache.ts';
import type { AnswerPacks } from './answer-packs.ts';
import { askOnce, type Asked, type Asking } from './ask-row.ts';
import type { KeptAnswer } from './kept-answer.ts';

export interface RowAnswerer {
  answer(row: SuiteRow, repeat: number): Promise<RowResult>;
  /** Paid by this run for the answers so far, whichever attempt asked. */
  paidUsd(): number;
  /** Why rows were left unanswered that others of the arm will be as well; null when none was. */
  stopped(): 'budget' | 'down' | null;
}

interface Parts {
  readonly packs: AnswerPacks;
  readonly suite: AskedSuite;
  readonly input: AskInput;
  readonly asking: Asking;
  readonly signal: AbortSignal;
}

export function rowAnswerer({ packs, suite, input, asking, signal }: Parts): RowAnswerer {
  const { arm, runKey } = input;
  const shots = arm.shots === 0 ? [] : suite.shots;
  const identity = identityOf(input);
  // Sampling is what repeats are for; a single answer is greedy.
  const sampled = suite.repeats > 1 ? { temperature: 1 } : {};
  const asked = {
    ...(suite.tools === undefined ? {} : { tools: suite.tools }),
    ...(suite.logprobs === true ? { logprobs: true } : {}),
    ...(suite.responseSchema === undefined || arm.endpoint?.structured !== true
      ? {}
      : { responseSchema: suite.responseSchema }),
  };
  let paid = 0;
  let stopped: 'budget' | 'down' | null = null;

  async function answerTo(row: SuiteRow, repeat: number): Promise<Asked> {
    const messages = renderMessages(suite.prompt, row.input, shots);
    const { maxTokens } = suite;
    const digest = requestDigest({
      identity,
      model: arm.model,
      messages,
      maxTokens,
      epoch: input.cacheEpoch,
      ...asked,
      repeat,
    });
    const known = packs.get(digest) ?? asking.journal.get(digest);
    if (known !== undefined) {
      if (known.paidBy === runKey) {
        asking.limit.charge(known);
      }
      return { kind: 'answer', answer: known };
    }
    if (stopped !== null) {
      return { kind: 'none', because: stopped, message: stopReasons[stopped] };
    }
    return await askOnce(asking, digest, { messages, maxTokens, signal, ...asked, ...sampled });
  }

  function resultOf(row: SuiteRow, answer: KeptAnswer): RowResult {
    const text = answerText(suite.task, answer);
    const cached = answer.paidBy !== runKey;
    const costUsd = asking.limit.priceOf(answer.promptTokens, answer.completionTokens);
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

const stopReasons = { budget: 'the budget is spent', down: 'the endpoint no longer answers' } as const;

function common(suite: AskedSuite, row: SuiteRow) {
  return {
    rowId: row.id,
    expected: row.output,
    slices: slicesOf(suite, row),
    ...(row.group === undefined ? {} : { group: row.group }),
  };
}

/** Two endpoints may serve different weights under one model id, so answers belong to the endpoint too. */
export function identityOf({ arm, identity }: AskInput): string {
  const { base_url: url, resource, project, region } = arm.endpoint ?? {};
  const place = [url, resource, project, region].filter((part) => part !== undefined).join(' ');
  return place === '' ? identity : `${identity} at ${place}`;
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
