import { describe, expect, it } from 'vitest';
import type { BaselineRecipe } from '../../domain/recipe-baseline.ts';
import { evaluateSchema } from '../../domain/recipe-evaluate.ts';
import { baselineCost, breakEven } from './baseline-cost.ts';

function baseline(change: Record<string, unknown>): BaselineRecipe {
  const [one] = evaluateSchema.parse({ baselines: [{ provider: 'openai', model: 'big', ...change }] }).baselines;
  if (one === undefined) {
    throw new Error('there is one');
  }
  return one;
}
const price = { input: 2, output: 10 };
const tokens = { prompt: 400, typicalAnswer: 20, longestAnswer: 100 };

describe('the cost of asking a baseline', () => {
  it('is tokens by price, typically and at most', () => {
    const { typicalUsd, mostUsd, remark } = baselineCost(baseline({ price }), 1000, tokens);
    expect(typicalUsd).toBeCloseTo(1); // 1000 × (400 × 2 + 20 × 10) / 1e6
    expect(mostUsd).toBeCloseTo(1.8);
    expect(remark).toBe('no budget_usd is set');
  });

  it.each([
    [0.5, 'more than budget_usd 0.5: asking will stop before the last row'],
    [1.5, 'within budget_usd 1.5 unless answers are long'],
    [5, 'within budget_usd 5'],
  ])('is held against a budget of %d', (budget_usd, remark) => {
    expect(baselineCost(baseline({ price, budget_usd }), 1000, tokens).remark).toBe(remark);
  });

  it.each([
    [undefined, 'at the batch price, half of price; no budget_usd is set'],
    [0.6, 'at the batch price, half of price; may exceed budget_usd 0.6, so that no batch is submitted'],
    [1, 'at the batch price, half of price; within budget_usd 1'],
  ])('is half in batches, which are submitted whole or not at all: budget %s', (budget_usd, remark) => {
    const cost = baselineCost(baseline({ price, batch: true, budget_usd }), 1000, tokens);
    expect(cost.typicalUsd).toBeCloseTo(0.5);
    expect(cost).toMatchObject({ mostUsd: 0.9, remark });
  });

  it('is unknown without a price, and nothing for a stand-in', () => {
    expect(baselineCost(baseline({}), 10, tokens)).toMatchObject({
      typicalUsd: null,
      mostUsd: null,
      remark: 'unknown: set price under the baseline',
    });
    const standIn = baseline({ provider: 'stand-in', model: 'tfidf-logreg' });
    expect(baselineCost(standIn, 10, tokens)).toMatchObject({ typicalUsd: 0, mostUsd: 0 });
  });
});

describe('the break-even', () => {
  it('is where a month of one GPU costs what the requests do', () => {
    const found = breakEven(baseline({ price }), 1, tokens);
    expect(found.gpuUsdPerMonth).toBe(730);
    expect(found.requestsPerMonth).toBeCloseTo(730_000);
    expect(found.tokensPerMonth).toBeCloseTo(730_000 * 420);
    expect(found.missing).toBe('');
  });

  it.each([
    [{}, 1, 'price under the baseline'],
    [{ price }, undefined, 'train.gpu_usd_per_hour'],
    [{}, undefined, 'price under the baseline and train.gpu_usd_per_hour'],
    [{ price: { input: 0, output: 0 } }, 1, 'a price above 0'],
  ])('says what is missing: %j at %s an hour', (change, usd, missing) => {
    expect(breakEven(baseline(change), usd, tokens)).toMatchObject({ requestsPerMonth: null, missing });
  });
});
