import { describe, expect, it } from 'vitest';
import { chatClient } from './chat-client.ts';
import { localEndpoint, type LocalAnswer } from './local-endpoint.ts';
import type { Question } from './model-client.ts';

const reply = (message: object, more: object = {}): LocalAnswer => ({
  headers: { 'x-ratelimit-remaining-requests': '59' },
  body: { choices: [{ message, finish_reason: 'stop', ...more }] },
});

async function ask(answer: LocalAnswer, given: Partial<Question> = {}, apiKey?: string) {
  await using endpoint = await localEndpoint(answer);
  const client = chatClient({
    name: 'ours',
    keys: undefined,
    model: 'm',
    baseUrl: `${endpoint.url}/v1/`,
    apiKey,
    timeoutMs: 5000,
  });
  const messages = [{ role: 'user', content: 'the sky' } as const];
  const answered = await client.ask({ messages, maxTokens: 9, signal: new AbortController().signal, ...given });
  return { ...answered, request: endpoint.requests[0] };
}

describe('an endpoint that speaks chat completions', () => {
  it('is asked greedily and without a key, unless it has one', async () => {
    const { request } = await ask(reply({ content: 'blue' }));
    expect(request?.path).toBe('/v1/chat/completions');
    expect(request?.headers.authorization).toBeUndefined();
    expect(request?.body).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'the sky' }],
      max_tokens: 9,
      temperature: 0,
    });
    expect((await ask(reply({ content: 'blue' }), {}, 'k')).request?.headers.authorization).toBe('Bearer k');
  });

  it('is sent a schema, a seed, a temperature and the wish for log probabilities', async () => {
    const responseSchema = { type: 'object', properties: { colour: { type: 'string' } } };
    const { request } = await ask(reply({ content: '{}' }), {
      responseSchema,
      seed: 7,
      temperature: 0.5,
      logprobs: true,
    });
    expect(request?.body).toMatchObject({
      seed: 7,
      temperature: 0.5,
      logprobs: true,
      response_format: { type: 'json_schema', json_schema: { schema: responseSchema } },
    });
  });

  it('is asked by other names when its model reasons', async () => {
    await using endpoint = await localEndpoint(reply({ content: 'blue' }));
    const client = chatClient({
      name: 'ours',
      keys: undefined,
      model: 'm',
      baseUrl: `${endpoint.url}/v1`,
      apiKey: undefined,
      reasoning: true,
      timeoutMs: 5000,
    });
    await client.ask({ messages: [], maxTokens: 9, signal: new AbortController().signal });
    expect(endpoint.requests[0]?.body).toEqual({ model: 'm', messages: [], max_completion_tokens: 9 });
  });

  it('gives the log probability of the answer, and the limits it reports', async () => {
    const logprobs = {
      content: [
        { token: 'bl', logprob: -0.25 },
        { token: 'ue', logprob: -0.5 },
      ],
    };
    expect(await ask(reply({ content: 'blue' }, { logprobs }))).toMatchObject({
      logprob: -0.75,
      rateLimit: { remainingRequests: 59 },
    });
    expect((await ask(reply({ content: 'blue' }, { logprobs: { content: [] } }))).logprob).toBeNull();
  });

  it('may count no tokens, give no reason, or say nothing at all', async () => {
    expect(await ask(reply({ content: null }, { finish_reason: null }))).toMatchObject({
      text: '',
      promptTokens: 0,
      completionTokens: 0,
      finish: 'unknown',
    });
  });

  it('may refuse in words, or by a filter before the model', async () => {
    expect(await ask(reply({ content: null, refusal: 'No.' }))).toMatchObject({ text: 'No.', refused: true });
    expect(await ask({ status: 400, body: { error: { code: 'content_filter' } } })).toMatchObject({
      text: '',
      refused: true,
    });
  });

  it('is not sent a key that no header may hold, and the error does not show it', async () => {
    await expect(ask(reply({ content: 'blue' }), {}, 'secret\nkey')).rejects.toMatchObject({
      kind: 'endpoint',
      message: 'the key for ours has characters that no header may have, such as line breaks',
    });
  });

  it('cannot fill the memory with an endless answer', async () => {
    const parts = Array.from({ length: 40 }, () => 'x'.repeat(2 ** 20));
    await expect(ask({ parts, end: 'never' })).rejects.toMatchObject({
      kind: 'transient',
      message: 'ours sent more than 32 MiB for one answer',
    });
  });
});
