import { describe, expect, it } from 'vitest';
import { spendingLimit } from './budget.ts';

const messages = [{ role: 'user' as const, content: 'x'.repeat(84) }];
// 84 + 16 bytes are 50 tokens at worst; with 10 tokens of answer that is 50 × 1 + 10 × 2 = 70 millionths of a dollar.
const worstCase = 70e-6;

const price = { input: 1, output: 2 };

function limitOf({ budget = Infinity, requests = Infinity, priced = true } = {}) {
  return spendingLimit(priced ? price : undefined, { usd: budget, requests });
}

const answer = (promptTokens: number, completionTokens: number) => ({
  text: '',
  promptTokens,
  completionTokens,
  finish: 'stop',
});

describe('the price of an answer', () => {
  it('is stated per million tokens, prompt and completion apart', () => {
    expect(limitOf().priceOf(1_000_000, 500_000)).toBe(2);
  });

  it('is unknown, not zero, when the recipe states none', () => {
    expect(limitOf({ priced: false }).priceOf(10, 10)).toBeNull();
  });
});

describe('the budget', () => {
  it('admits requests up to it, counting those in flight at their worst', () => {
    const limit = limitOf({ budget: 2.5 * worstCase });
    expect([1, 2, 3].map(() => limit.reserve(messages, 10))).toEqual([true, true, false]);
  });

  it('is not touched by a request it refused', () => {
    const limit = limitOf({ budget: 1.5 * worstCase });
    expect(limit.reserve(messages, 1000)).toBe(false);
    expect(limit.reserve(messages, 10)).toBe(true);
  });

  it('gets back what an answer did not cost', () => {
    const limit = limitOf({ budget: 1.5 * worstCase });
    limit.reserve(messages, 10);
    limit.settle(messages, 10, answer(20, 5));
    expect(limit.reserve(messages, 10)).toBe(true);
  });

  it('counts answers that an earlier attempt of the run paid for', () => {
    const limit = limitOf({ budget: 2 * worstCase });
    limit.charge({ promptTokens: 50, completionTokens: 10 });
    expect(limit.reserve(messages, 10)).toBe(true);
    expect(limit.reserve(messages, 10)).toBe(false);
  });

  it('of requests counts those that are sent again', () => {
    const limit = limitOf({ requests: 2 });
    expect([limit.reserve(messages, 10), limit.again(), limit.again(), limit.reserve(messages, 10)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(limit.requests()).toBe(2);
  });

  it('that is not stated has no end', () => {
    expect(limitOf().reserve(messages, 1_000_000)).toBe(true);
  });

  it('counts letters of more than one byte by their bytes', () => {
    const limit = limitOf({ budget: worstCase });
    expect(limit.reserve([{ role: 'user', content: '漢'.repeat(84) }], 10)).toBe(false);
  });
});
