import { describe, expect, it } from 'vitest';
import { baselineSchema } from '../../domain/recipe-baseline.ts';
import { localEndpoint } from './local-endpoint.ts';
import type { Question } from './model-client.ts';
import { providerClient, type ClosedProvider } from './provider-client.ts';
import { wireAccess, wires } from './synthetic-wires.ts';

async function bodyOf(provider: ClosedProvider, given: Partial<Question>, baseline: object = {}) {
  const wire = wires[provider];
  await using endpoint = await localEndpoint(wire.answer);
  const access = wireAccess(wire, endpoint.url);
  const client = await providerClient(provider, {
    ...access,
    baseline: baselineSchema.parse({ ...access.baseline, ...baseline }),
  });
  const messages = [{ role: 'user', content: 'glaucoma' } as const];
  const answer = await client.ask({ messages, maxTokens: 9, signal: new AbortController().signal, ...given });
  return { answer, body: endpoint.requests[0]?.body };
}

const responseSchema = {
  type: 'object',
  properties: { chapter: { type: 'string' } },
  required: ['chapter'],
  additionalProperties: false,
};

describe('structured output', () => {
  it.each([
    'openai',
    'azure',
    'mistral',
    'fireworks',
    'openai-compatible',
    'google',
    'vertex',
    'anthropic',
    'bedrock',
  ] as const)('of %s is asked for with the schema', async (provider) => {
    const { body } = await bodyOf(provider, { responseSchema });
    expect(JSON.stringify(body)).toMatch(/"chapter":\{"type":"(?:string|STRING)"\}/u);
  });
});

describe('log probabilities', () => {
  it.each(['openai', 'azure', 'deepseek', 'fireworks', 'openai-compatible', 'togetherai'] as const)(
    'of %s are asked for and summed',
    async (provider) => {
      const { answer, body } = await bodyOf(provider, { logprobs: true });
      expect(body).toMatchObject({ logprobs: provider === 'togetherai' ? 1 : true });
      expect(answer.logprob).toBe(-0.75);
    },
  );

  it.each(['anthropic', 'bedrock', 'google', 'mistral'] as const)('of %s are not known', async (provider) => {
    const { answer } = await bodyOf(provider, { logprobs: true });
    expect(provider === 'mistral' ? null : answer.logprob).toBeNull();
  });
});

describe('settings', () => {
  it('are sent on: seed and temperature', async () => {
    const { body } = await bodyOf('openai', { seed: 7, temperature: 0.5 });
    expect(body).toMatchObject({ seed: 7, temperature: 0.5 });
  });

  it.each(['openai', 'azure'] as const)('of a model of %s that reasons have other names', async (provider) => {
    const { body } = await bodyOf(provider, {}, { reasoning: true });
    expect(body).toMatchObject({ max_completion_tokens: 9 });
    expect(body).not.toHaveProperty('temperature');
    expect(body).not.toHaveProperty('max_tokens');
  });

  it.each(['anthropic', 'google', 'bedrock', 'mistral'] as const)(
    'of a model of %s that reasons leave out the temperature',
    async (provider) => {
      const { body } = await bodyOf(provider, {}, { reasoning: true });
      expect(JSON.stringify(body)).not.toContain('temperature');
    },
  );
});

describe('an endpoint’s limits', () => {
  it.each(['openai', 'anthropic'] as const)('of %s come with the answer', async (provider) => {
    const { answer } = await bodyOf(provider, {});
    expect(answer.rateLimit).toMatchObject({ remainingRequests: 59, remainingTokens: 9000 });
    expect(answer.rateLimit.resetMs).toBeLessThanOrEqual(1000);
  });
});
