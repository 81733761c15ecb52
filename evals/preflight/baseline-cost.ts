// What the baselines cost: their evaluation now, and the volume at which a GPU of your own is cheaper.
import { paidPriceOf, type BaselineRecipe } from '../../domain/recipe-baseline.ts';

/** Hours of a month, for a GPU that runs all the time. */
export const hoursPerMonth = 730;

/** Mean tokens of one request. */
export interface RequestTokens {
  readonly prompt: number;
  /** As the answers in the data have. */
  readonly typicalAnswer: number;
  /** `evaluate.max_tokens`: no answer is longer. */
  readonly longestAnswer: number;
}

export interface BaselineCost {
  readonly model: string;
  readonly provider: BaselineRecipe['provider'];
  readonly requests: number;
  /** USD; null without a price. */
  readonly typicalUsd: number | null;
  readonly mostUsd: number | null;
  readonly budgetUsd: number | null;
  /** One sentence: what is missing, or what the budget means. */
  readonly remark: string;
}

/** Cost of asking one baseline every test row once. */
export function baselineCost(baseline: BaselineRecipe, requests: number, tokens: RequestTokens): BaselineCost {
  const { model, provider, budget_usd: budget = null, batch } = baseline;
  const price = paidPriceOf(baseline);
  const about = { model, provider, requests, budgetUsd: budget };
  if (provider === 'stand-in') {
    return { ...about, typicalUsd: 0, mostUsd: 0, remark: 'runs on this machine' };
  }
  if (price === undefined) {
    return { ...about, typicalUsd: null, mostUsd: null, remark: 'unknown: set price under the baseline' };
  }
  const usd = (answer: number): number => requests * requestUsd(price, tokens.prompt, answer);
  const typicalUsd = usd(tokens.typicalAnswer);
  const mostUsd = usd(Math.max(tokens.longestAnswer, tokens.typicalAnswer));
  const remark =
    budget === null
      ? 'no budget_usd is set'
      : typicalUsd > budget
        ? `more than budget_usd ${budget}: asking will stop before the last row`
        : mostUsd > budget
          ? `within budget_usd ${budget} unless answers are long`
          : `within budget_usd ${budget}`;
  return { ...about, typicalUsd, mostUsd, remark: batch ? batchRemark(budget, mostUsd) : remark };
}

/** A batch is paid for as a whole, so that its worst case must be within the budget. */
function batchRemark(budget: number | null, mostUsd: number): string {
  const kept =
    budget === null
      ? 'no budget_usd is set'
      : mostUsd > budget
        ? `may exceed budget_usd ${budget}, so that no batch is submitted`
        : `within budget_usd ${budget}`;
  return `at the batch price, half of price; ${kept}`;
}

/** Requests and tokens a month at which the baseline costs what a GPU that runs all the time does. */
export interface BreakEven {
  readonly model: string;
  readonly gpuUsdPerMonth: number | null;
  readonly requestsPerMonth: number | null;
  readonly tokensPerMonth: number | null;
  /** What must be set for the figures that are null; empty when none is. */
  readonly missing: string;
}

/**
 * A first look: one GPU at the recipe's price against the baseline at the recipe's token shape. It says nothing about
 * whether one GPU can serve that many requests.
 */
export function breakEven(
  { model, provider, price }: BaselineRecipe,
  gpuUsdPerHour: number | undefined,
  tokens: RequestTokens,
): BreakEven {
  const gpuUsdPerMonth = gpuUsdPerHour === undefined ? null : gpuUsdPerHour * hoursPerMonth;
  const missing = [
    ...(provider === 'stand-in' ? ['a baseline with a price; a stand-in has none'] : []),
    ...(provider !== 'stand-in' && price === undefined ? ['price under the baseline'] : []),
    ...(gpuUsdPerMonth === null ? ['train.gpu_usd_per_hour'] : []),
  ].join(' and ');
  const each = price === undefined ? 0 : requestUsd(price, tokens.prompt, tokens.typicalAnswer);
  if (gpuUsdPerMonth === null || missing !== '' || each === 0) {
    const free = missing === '' ? 'a price above 0' : missing;
    return { model, gpuUsdPerMonth, requestsPerMonth: null, tokensPerMonth: null, missing: free };
  }
  const requestsPerMonth = gpuUsdPerMonth / each;
  return {
    model,
    gpuUsdPerMonth,
    requestsPerMonth,
    tokensPerMonth: requestsPerMonth * (tokens.prompt + tokens.typicalAnswer),
    missing: '',
  };
}

/** Prices are USD per million tokens. */
function requestUsd(price: NonNullable<BaselineRecipe['price']>, prompt: number, answer: number): number {
  return (prompt * price.input + answer * price.output) / 1e6;
}
