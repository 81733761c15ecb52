// One question to one endpoint: from the cache, from an earlier attempt's journal, or asked until it is answered.
import { setTimeout as sleep } from 'node:timers/promises';
import { AskError, type Answer, type Question } from '../clients/model-client.ts';
import type { SpendingLimit } from '../budget.ts';
import type { AnswerJournal } from './answer-journal.ts';
import { EndpointDown } from './endpoint-flow.ts';
import type { Endpoint } from './endpoints.ts';
import type { KeptAnswer } from './kept-answer.ts';

export interface Asking {
  readonly endpoint: Endpoint;
  readonly limit: SpendingLimit;
  readonly journal: AnswerJournal;
  /** Key of the run that pays. */
  readonly runKey: string;
  /** Tries of a row that fails by itself while others are answered. */
  readonly tries: number;
  /** Who is asked first when many wait: the lowest. */
  readonly rank: number;
}

export type Asked =
  | { readonly kind: 'answer'; readonly answer: KeptAnswer }
  /** `budget` and `down` concern every further row of the arm; `row` this one alone. */
  | { readonly kind: 'none'; readonly because: 'budget' | 'down' | 'row'; readonly message: string };

/**
 * Asks one question, and writes the answer to the journal before it is used. Throttling and outages are waited out by
 * the endpoint's flow and use up no try. Throws AskError of kind `endpoint` when no row can be asked, and the signal's
 * reason when called off.
 */
export async function askOnce(asking: Asking, digest: string, question: Question): Promise<Asked> {
  const { endpoint, limit, journal, runKey } = asking;
  const { messages, maxTokens, signal } = question;
  let failures = 0;
  let reserved = false;
  for (;;) {
    const turn = await endpoint.flow.enter(signal, asking.rank).catch((error: unknown) => {
      if (error instanceof EndpointDown) {
        return error;
      }
      throw error;
    });
    if (turn instanceof EndpointDown) {
      return { kind: 'none', because: 'down', message: turn.message };
    }
    // With a turn in hand: what waits must not hold back what could be spent.
    if (!(reserved ? limit.again() : limit.reserve(messages, maxTokens))) {
      turn.left();
      return { kind: 'none', because: 'budget', message: 'the budget is spent' };
    }
    reserved = true;
    const started = performance.now();
    try {
      const answer = await endpoint.client.ask(question);
      const latencyMs = Math.round((performance.now() - started) * 10) / 10;
      const kept = keptAnswer(answer, latencyMs, runKey);
      journal.append(digest, kept);
      turn.answered(latencyMs, answer.rateLimit.remainingRequests === 0 ? answer.rateLimit.resetMs : undefined);
      limit.settle(messages, maxTokens, answer);
      return { kind: 'answer', answer: kept };
    } catch (error) {
      if (!(error instanceof AskError) || error.kind !== 'transient') {
        turn.left();
        if (error instanceof AskError && error.kind === 'row') {
          return { kind: 'none', because: 'row', message: error.message };
        }
        throw error;
      }
      failures += turn.failed(error.retryAfterMs).isRowsOwn ? 1 : 0;
      if (failures >= asking.tries) {
        return { kind: 'none', because: 'row', message: error.message };
      }
      if (failures > 0) {
        await sleep(backoffMs(failures), undefined, { signal });
      }
    }
  }
}

/** Member by member, so that each is an object of the same shape and no larger than it must be: all stay in memory. */
function keptAnswer(answer: Answer, latencyMs: number, paidBy: string): KeptAnswer {
  return {
    text: answer.text,
    toolCalls: [...answer.toolCalls],
    refused: answer.refused,
    logprob: answer.logprob,
    promptTokens: answer.promptTokens,
    completionTokens: answer.completionTokens,
    cachedPromptTokens: answer.cachedPromptTokens,
    finish: answer.finish,
    latencyMs,
    firstTokenMs: answer.firstTokenMs,
    paidBy,
  };
}

/** Doubles from half a second, with jitter, up to half a minute. */
function backoffMs(failures: number): number {
  return Math.min(30_000, 500 * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
}
