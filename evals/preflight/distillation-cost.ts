// What the answers of a teacher will cost: those that are not there yet.
import type { DistillRecipe } from '../../domain/recipe-distill.ts';
import { charactersPerToken, tokensPerTurn } from './guessed-tokens.ts';

/** Inputs of one source: all of them, and those without an answer with what asking them sends. */
export interface DistillationInputs {
  readonly inputs: number;
  readonly answered: number;
  readonly completionTokens: number;
  readonly awaited: { readonly inputs: number; readonly turns: number; readonly characters: number };
}

export interface DistillationCost {
  readonly source: string;
  readonly provider: string;
  readonly model: string;
  /** Distinct inputs, and those that were answered before, which cost nothing again. */
  readonly inputs: number;
  readonly answered: number;
  /** Tokens that are still to be sent, estimated from characters. */
  readonly promptTokens: number;
  /** USD: with answers as long as those before (null when there are none), and at their longest. Null without a price. */
  readonly typicalUsd: number | null;
  readonly mostUsd: number | null;
  readonly budgetUsd: number | null;
  /** One sentence: what is missing, or what the budget means. */
  readonly remark: string;
}

/** Cost of asking a teacher what it has not answered. */
export function distillationCost(
  source: string,
  { teacher, max_tokens: longest }: DistillRecipe,
  { inputs, answered, completionTokens, awaited }: DistillationInputs,
): DistillationCost {
  const { price, budget_usd: budget, provider, model } = teacher;
  const promptTokens = Math.round(awaited.characters / charactersPerToken + awaited.turns * tokensPerTurn);
  const about = { source, provider, model, inputs, answered, promptTokens, budgetUsd: budget ?? null };
  if (price === undefined) {
    return { ...about, typicalUsd: null, mostUsd: null, remark: 'cost unknown: set price under the teacher' };
  }
  const usd = (answer: number): number => (promptTokens * price.input + awaited.inputs * answer * price.output) / 1e6;
  const mostUsd = usd(longest);
  const typicalUsd = answered === 0 ? null : usd(completionTokens / answered);
  const remark =
    budget === undefined
      ? 'no budget_usd is set'
      : (typicalUsd ?? mostUsd) > budget
        ? `may exceed budget_usd ${budget}: asking stops before that, and inputs left over are dropped`
        : `within budget_usd ${budget}, which counts earlier answers too`;
  return { ...about, typicalUsd, mostUsd, remark };
}
