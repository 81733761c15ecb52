import { describe, expect, it } from 'vitest';
import { localEndpoint, type LocalAnswer } from './local-endpoint.ts';
import type { Question } from './model-client.ts';
import { replicateClient } from './replicate-client.ts';
import { replicateWire } from './synthetic-wire-replicate.ts';
import { wireText } from './synthetic-wire.ts';

const done = Object(replicateWire.answer.body);
const predicted = (status: string, more: object = {}): LocalAnswer => ({
  status: 201,
  body: { ...done, status, ...more },
});

const question: Question = {
  messages: [{ role: 'user', content: 'glaucoma' }],
  maxTokens: 9,
  signal: new AbortController().signal,
};
const client = (url: string, given: { model?: string; timeoutMs?: number } = {}) =>
  replicateClient({
    name: 'replicate',
    keys: 'REPLICATE_API_TOKEN',
    origin: new URL(url).origin,
    baseUrl: `${url}/v1`,
    model: 'org/m-1',
    apiKey: 'sk-test',
    timeoutMs: 5000,
    ...given,
  });

describe('a prediction', () => {
  it('that takes longer than a request is asked after until it is done', async () => {
    await using endpoint = await localEndpoint(({ method }) =>
      method === 'POST' ? predicted('starting') : predicted('succeeded'),
    );
    expect((await client(endpoint.url).ask(question)).text).toBe(wireText);
    expect(endpoint.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v1/models/org/m-1/predictions',
      'GET /v1/predictions/p-1',
    ]);
  });

  it('that nobody waits for any more is cancelled, so that it is not charged on', async () => {
    await using endpoint = await localEndpoint(predicted('processing'));
    await expect(client(endpoint.url, { timeoutMs: 100 }).ask(question)).rejects.toMatchObject({ kind: 'transient' });
    await expect.poll(() => endpoint.requests.at(-1)?.path).toBe('/v1/predictions/p-1/cancel');
  });

  it('of a fixed version names it in the body', async () => {
    await using endpoint = await localEndpoint(predicted('succeeded'));
    await client(endpoint.url, { model: 'org/m-1:abc123' }).ask(question);
    expect(endpoint.requests).toMatchObject([{ path: '/v1/predictions', body: { version: 'abc123' } }]);
  });

  it('that is no text is a fault of the endpoint', async () => {
    await using endpoint = await localEndpoint(predicted('succeeded', { output: { image: 'x' } }));
    await expect(client(endpoint.url).ask(question)).rejects.toMatchObject({
      kind: 'endpoint',
      message: expect.stringContaining('check that it is a language model'),
    });
  });

  it.each([
    [
      'examples',
      { messages: [...question.messages, { role: 'assistant', content: 'VII' }, ...question.messages] as const },
    ],
    ['tools', { tools: [{ name: 't', parameters: {} }] }],
    ['a schema', { responseSchema: {} }],
  ])('is not asked for with %s', async (_name, given) => {
    await using endpoint = await localEndpoint(predicted('succeeded'));
    await expect(client(endpoint.url).ask({ ...question, ...given })).rejects.toMatchObject({ kind: 'endpoint' });
    expect(endpoint.requests).toEqual([]);
  });
});
