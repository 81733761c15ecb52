// What answers cost at the recipe's price, and the point at which asking stops.
import { baselineOf } from '../evals/arms.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { Arm } from '../domain/scorecard.ts';
import type { ChatMessage } from '../evals/prompt.ts';
import type { Answer } from './clients/model-client.ts';

type Usage = Pick<Answer, 'promptTokens' | 'completionTokens'>;

export interface SpendingLimit {
  /** Cost of an answer in USD; null when the recipe states no price. */
  priceOf(promptTokens: number, completionTokens: number): number | null;
  /** Sets the worst case of a request aside; false when that could exceed the budget. */
  reserve(messages: readonly ChatMessage[], maxTokens: number): boolean;
  /** Counts an answer that an earlier attempt of this run paid for. */
  charge(answer: Usage): void;
  /** Replaces the worst case by what the answer really cost. */
  settle(messages: readonly ChatMessage[], maxTokens: number, answer: Usage): void;
}

/**
 * The limit of one arm's shard. Worst case of a request: one token for every two UTF-8 bytes of the prompt, plus
 * the longest answer. `spentUsd` is what earlier shards of the arm cost.
 */
export function spendingLimit(recipe: Recipe, arm: Arm, spentUsd: number): SpendingLimit {
  const baseline = baselineOf(recipe, arm);
  const price = baseline?.price;
  const budget = baseline?.budget_usd ?? Number.POSITIVE_INFINITY;
  let committed = spentUsd;

  function priceOf(promptTokens: number, completionTokens: number): number | null {
    return price === undefined ? null : (promptTokens * price.input + completionTokens * price.output) / 1e6;
  }

  function worstCase(messages: readonly ChatMessage[], maxTokens: number): number {
    const bytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(content) + 16, 0);
    return priceOf(Math.ceil(bytes / 2), maxTokens) ?? 0;
  }

  return {
    priceOf,
    reserve(messages, maxTokens) {
      const cost = worstCase(messages, maxTokens);
      if (committed + cost > budget) {
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
