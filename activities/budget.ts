// What answers cost at a stated price, and the point at which asking stops.
import type { BaselineRecipe } from '../domain/recipe-baseline.ts';
import type { ChatMessage } from '../evals/prompt.ts';
import type { Answer } from './clients/model-client.ts';

export interface SpendingLimit {
  /** Cost of an answer in USD; null when no price is stated. */
  priceOf(promptTokens: number, completionTokens: number): number | null;
  /** Sets the worst case of a request aside; false when that could exceed what may be spent or asked. */
  reserve(messages: readonly ChatMessage[], maxTokens: number): boolean;
  /** Counts an answer that an earlier attempt of this run paid for. */
  charge(answer: Pick<Answer, 'promptTokens' | 'completionTokens'>): void;
  /** Replaces the worst case by what the answer really cost. */
  settle(messages: readonly ChatMessage[], maxTokens: number, answer: TokenCounts): void;
  /** Counts a request that is sent once more after a failure; false when no further one may be sent. */
  again(): boolean;
  /** Requests sent so far. */
  requests(): number;
}

export type TokenCounts = Pick<Answer, 'promptTokens' | 'completionTokens'>;

/** What one shard may spend. */
export interface Allowance {
  readonly usd: number;
  readonly requests: number;
}

/**
 * Keeps to an allowance. Worst case of a request: one token for every two UTF-8 bytes of the prompt, plus the longest
 * answer. A request that fails may have been billed all the same, so each one sent counts among the requests.
 */
export function spendingLimit(price: BaselineRecipe['price'], allowance: Allowance): SpendingLimit {
  let committed = 0;
  let sent = 0;

  function priceOf(promptTokens: number, completionTokens: number): number | null {
    return price === undefined ? null : (promptTokens * price.input + completionTokens * price.output) / 1e6;
  }

  function worstCase(messages: readonly ChatMessage[], maxTokens: number): number {
    if (price === undefined) {
      return 0;
    }
    const bytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(content) + 16, 0);
    return priceOf(Math.ceil(bytes / 2), maxTokens) ?? 0;
  }

  function again(): boolean {
    if (sent >= allowance.requests) {
      return false;
    }
    sent += 1;
    return true;
  }

  return {
    priceOf,
    again,
    requests: () => sent,
    reserve(messages, maxTokens) {
      const cost = worstCase(messages, maxTokens);
      if (committed + cost > allowance.usd || !again()) {
        return false;
      }
      committed += cost;
      return true;
    },
    charge({ promptTokens, completionTokens }) {
      committed += priceOf(promptTokens, completionTokens) ?? 0;
    },
    settle(messages, maxTokens, answer) {
      // An endpoint that reports no usage leaves the worst case standing, or no budget could stop it.
      if (answer.promptTokens + answer.completionTokens === 0) {
        return;
      }
      committed += (priceOf(answer.promptTokens, answer.completionTokens) ?? 0) - worstCase(messages, maxTokens);
    },
  };
}
