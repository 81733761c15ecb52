import { afterEach, describe, expect, it, vi } from 'vitest';
import { localEndpoint, type LocalAnswer } from './local-endpoint.ts';
import { AskError, type Answer } from './model-client.ts';
import { openAiClient } from './openai-client.ts';

const messages = [
  { role: 'system' as const, content: 'Which colour?' },
  { role: 'user' as const, content: 'the sky' },
];

async function ask(url: string, { timeoutMs = 5000, signal = new AbortController().signal } = {}): Promise<Answer> {
  const client = openAiClient({
    name: 'the endpoint',
    model: 'm-1',
    baseUrl: `${url}/v1`,
    apiKey: 'sk-test',
    keyName: 'TEAM_KEY',
    timeoutMs,
  });
  return await client.ask({ messages, maxTokens: 9, signal });
}

/** The fault that an answer leads to, and how often was asked for it. */
async function faultOf(answer: LocalAnswer, timeoutMs = 5000) {
  await using endpoint = await localEndpoint(answer);
  const error: unknown = await ask(endpoint.url, { timeoutMs }).catch((thrown: unknown) => thrown);
  if (!(error instanceof AskError)) {
    throw new Error(`expected AskError, got ${String(error)}`);
  }
  return { kind: error.kind, message: error.message, wait: error.retryAfterMs, asked: endpoint.requests.length };
}

const answered = (message: object, usage?: object): LocalAnswer => ({
  body: { choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', ...message } }], usage },
});

afterEach(() => void vi.unstubAllEnvs());

describe('a question', () => {
  it('is one request with the key in its header, greedy and no longer than allowed', async () => {
    await using endpoint = await localEndpoint(
      answered({ content: 'blue' }, { prompt_tokens: 7, completion_tokens: 2 }),
    );
    expect(await ask(endpoint.url)).toMatchObject({
      text: 'blue',
      promptTokens: 7,
      completionTokens: 2,
      finish: 'stop',
    });
    expect(endpoint.requests).toMatchObject([
      {
        path: '/v1/chat/completions',
        headers: { authorization: 'Bearer sk-test' },
        body: { model: 'm-1', messages, max_tokens: 9, temperature: 0 },
      },
    ]);
  });

  it('tells a compatible endpoint nothing of an account at OpenAI', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-openai');
    vi.stubEnv('OPENAI_ORG_ID', 'org-secret');
    vi.stubEnv('OPENAI_PROJECT_ID', 'proj-secret');
    await using endpoint = await localEndpoint(answered({ content: 'blue' }));
    await ask(endpoint.url);
    expect(JSON.stringify(endpoint.requests)).not.toMatch(/sk-openai|org-secret|proj-secret/u);
  });

  it('that is refused is answered with the refusal', async () => {
    await using endpoint = await localEndpoint(answered({ content: null, refusal: 'I cannot' }));
    expect(await ask(endpoint.url)).toMatchObject({ text: 'I cannot', promptTokens: 0 });
  });

  it('that is called off stops at once and is no fault of the endpoint', async () => {
    await using endpoint = await localEndpoint('never');
    const signal = AbortSignal.timeout(30);
    const error: unknown = await ask(endpoint.url, { signal }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(AskError);
  });
});

const wrong = (status: number, code: string, headers = {}): LocalAnswer => ({
  status,
  headers,
  body: { error: { message: 'about the sky', code } },
});

describe('an endpoint that does not answer the question is asked exactly once', () => {
  it.each([
    [
      'a wrong key',
      wrong(401, 'invalid_api_key'),
      'endpoint',
      'answered 401 (invalid_api_key): check the key in TEAM_KEY',
    ],
    [
      'an unknown model',
      wrong(404, 'model_not_found'),
      'endpoint',
      'answered 404 (model_not_found): check the model id',
    ],
    ['an empty account', wrong(429, 'insufficient_quota'), 'endpoint', 'the account has no quota left'],
    ['a row that is too long', wrong(400, 'context_length_exceeded'), 'row', 'answered 400 (context_length_exceeded)'],
    ['a server fault', wrong(500, 'server_error'), 'transient', 'answered 500'],
    ['a server fault without a body', { status: 502, body: '<html>' }, 'transient', 'answered 502'],
    ['an answer without choices', { body: { choices: [] } }, 'transient', 'answered 200 without a choice'],
    ['an answer of another shape', { body: { choices: [{}] } }, 'transient', 'answered 200 without a choice'],
    ['an answer that is null', { body: 'null' }, 'transient', 'answered 200 without a choice'],
    ['an answer cut short', { body: '{"choices": [' }, 'transient', 'answered 200 with a body that is not JSON'],
    [
      'a page',
      { headers: { 'content-type': 'text/html' }, body: '<html>' },
      'transient',
      'answered 200 without a choice',
    ],
  ] satisfies [string, LocalAnswer, string, string][])('%s', async (_name, answer, kind, message) => {
    const fault = await faultOf(answer);
    expect(fault).toMatchObject({ kind, asked: 1 });
    expect(fault.message).toContain(message);
    expect(fault.message).not.toContain('the sky');
    expect(fault.message).not.toContain('sk-test');
  });

  it('a rate limit, with the wait it asks for', async () => {
    expect(await faultOf(wrong(429, 'rate_limit_exceeded', { 'retry-after': '3' }))).toMatchObject({
      kind: 'transient',
      wait: 3000,
      asked: 1,
    });
  });

  it('a time-out', async () => {
    expect(await faultOf('never', 50)).toMatchObject({ kind: 'transient', asked: 1 });
  });
});

it('nobody at the address is a fault that may pass', async () => {
  const endpoint = await localEndpoint('never');
  await endpoint[Symbol.asyncDispose]();
  await expect(ask(endpoint.url)).rejects.toMatchObject({ kind: 'transient' });
});

it('a redirect is not followed: the key stays with its host', async () => {
  await using elsewhere = await localEndpoint(answered({ content: 'blue' }));
  const fault = await faultOf({ status: 307, headers: { location: `${elsewhere.url}/v1/chat/completions` }, body: '' });
  expect(fault).toMatchObject({ kind: 'endpoint', asked: 1 });
  expect(elsewhere.requests).toEqual([]);
});
