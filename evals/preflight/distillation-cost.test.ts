import { describe, expect, it } from 'vitest';
import { distillSchema } from '../../domain/recipe-distill.ts';
import { distillationCost } from './distillation-cost.ts';

const distill = (teacher: object) =>
  distillSchema.parse({
    teacher: { provider: 'openai', model: 'big', ...teacher },
    prompt: {},
    max_tokens: 100,
    terms: 't',
  });
const awaited = { inputs: 10, turns: 20, characters: 3600 };

describe('the cost of a distillation', () => {
  it('is that of the inputs without an answer, at their typical and their longest answer', () => {
    const cost = distillationCost('q.csv', distill({ price: { input: 2, output: 8 }, budget_usd: 0.009 }), {
      inputs: 12,
      answered: 2,
      completionTokens: 50,
      awaited,
    });
    // 3,600 characters are 900 tokens, and 20 turns 100 more.
    expect(cost).toMatchObject({ promptTokens: 1000, inputs: 12, answered: 2 });
    expect(cost.typicalUsd).toBeCloseTo((1000 * 2 + 10 * 25 * 8) / 1e6);
    expect(cost.mostUsd).toBeCloseTo((1000 * 2 + 10 * 100 * 8) / 1e6);
    expect(cost.remark).toContain('within budget_usd 0.009');
  });

  it('knows no typical answer before there is one, and no cost without a price', () => {
    const none = { inputs: 10, answered: 0, completionTokens: 0, awaited };
    const priced = distillationCost('q.csv', distill({ price: { input: 2, output: 8 }, budget_usd: 0.009 }), none);
    expect(priced.typicalUsd).toBeNull();
    expect(priced.remark).toContain('may exceed budget_usd 0.009');
    expect(distillationCost('q.csv', distill({}), none)).toMatchObject({
      mostUsd: null,
      remark: 'cost unknown: set price under the teacher',
    });
  });
});
