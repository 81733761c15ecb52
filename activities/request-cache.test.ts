import { describe, expect, it } from 'vitest';
import { memoryStore } from '../registry/memory-store.ts';
import { cachedAnswer, keepAnswer, type CacheKey } from './request-cache.ts';

const request: CacheKey = {
  identity: 'openai/m',
  model: 'm',
  messages: [{ role: 'user', content: 'the sky' }],
  maxTokens: 9,
  epoch: '',
};
const answer = {
  text: 'blue',
  promptTokens: 7,
  completionTokens: 2,
  cachedPromptTokens: 3,
  finish: 'stop',
  toolCalls: [{ name: 'paint', arguments: '{}' }],
  logprob: -0.5,
  refused: false,
  firstTokenMs: null,
  latencyMs: 12.5,
  paidBy: 'run-1',
};

describe('the request cache', () => {
  it('gives the answer that was paid for to the same request', async () => {
    const store = memoryStore();
    await keepAnswer(store, request, answer);
    expect(await cachedAnswer(store, { ...request })).toEqual(answer);
  });

  it.each([
    ['identity', { identity: 'openai/m at https://elsewhere' }],
    ['model', { model: 'n' }],
    ['messages', { messages: [{ role: 'user' as const, content: 'the sea' }] }],
    ['role', { messages: [{ role: 'system' as const, content: 'the sky' }] }],
    ['longest answer', { maxTokens: 10 }],
    ['occasion', { epoch: 'night-2' }],
  ])('gives nothing to a request with another %s', async (_name, change) => {
    const store = memoryStore();
    await keepAnswer(store, request, answer);
    expect(await cachedAnswer(store, { ...request, ...change })).toBeUndefined();
  });

  it('keeps the first of two answers and gives it to both attempts', async () => {
    const store = memoryStore();
    const kept = await Promise.all([
      keepAnswer(store, request, answer),
      keepAnswer(store, request, { ...answer, text: 'grey' }),
    ]);
    expect(kept).toEqual([answer, answer]);
  });

  it('does not name what was asked in its keys', async () => {
    const store = memoryStore();
    await keepAnswer(store, request, answer);
    expect(await Array.fromAsync(store.list(''))).toEqual([
      expect.stringMatching(/^evals\/cache\/[0-9a-f]{64}\.json$/u),
    ]);
  });
});
