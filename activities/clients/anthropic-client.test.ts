import { describe, expect, it } from 'vitest';
import { anthropicClient } from './anthropic-client.ts';
import { localEndpoint, type LocalAnswer } from './local-endpoint.ts';
import { AskError, type Answer } from './model-client.ts';

const messages = [
  { role: 'system' as const, content: 'Which colour?' },
  { role: 'user' as const, content: 'grass' },
  { role: 'assistant' as const, content: 'green' },
  { role: 'user' as const, content: 'the sky' },
];

async function ask(url: string, timeoutMs = 5000): Promise<Answer> {
  const client = anthropicClient({
    model: 'm-1',
    apiKey: 'sk-ant-test',
    keyName: 'ANTHROPIC_API_KEY',
    timeoutMs,
    baseUrl: url,
  });
  return await client.ask({ messages, maxTokens: 9, signal: new AbortController().signal });
}

async function faultOf(answer: LocalAnswer, timeoutMs = 5000) {
  await using endpoint = await localEndpoint(answer);
  const error: unknown = await ask(endpoint.url, timeoutMs).catch((thrown: unknown) => thrown);
  if (!(error instanceof AskError)) {
    throw new Error(`expected AskError, got ${String(error)}`);
  }
  return { kind: error.kind, message: error.message, wait: error.retryAfterMs, asked: endpoint.requests.length };
}

const answered: LocalAnswer = {
  body: {
    type: 'message',
    role: 'assistant',
    content: [
      { type: 'thinking', thinking: 'hm', signature: 's' },
      { type: 'text', text: 'bl' },
      { type: 'text', text: 'ue' },
    ],
    stop_reason: 'end_turn',
    usage: { input_tokens: 7, output_tokens: 2 },
  },
};

it('a question is one request, with the key in its header and the system message apart', async () => {
  await using endpoint = await localEndpoint(answered);
  expect(await ask(endpoint.url)).toMatchObject({
    text: 'blue',
    promptTokens: 7,
    completionTokens: 2,
    finish: 'end_turn',
  });
  expect(endpoint.requests).toMatchObject([
    {
      path: '/v1/messages',
      headers: { authorization: 'Bearer sk-ant-test' },
      body: { model: 'm-1', max_tokens: 9, system: 'Which colour?', messages: messages.slice(1) },
    },
  ]);
});

const wrong = (status: number, type: string, headers = {}): LocalAnswer => ({
  status,
  headers,
  body: { type: 'error', error: { type, message: 'about the sky' } },
});

describe('an endpoint that does not answer the question is asked exactly once', () => {
  it.each([
    ['a wrong key', wrong(401, 'authentication_error'), 'endpoint', 'check the key in ANTHROPIC_API_KEY'],
    ['an unknown model', wrong(404, 'not_found_error'), 'endpoint', 'check the model id'],
    ['a row that is too long', wrong(413, 'request_too_large'), 'row', 'answered 413'],
    ['an overload', wrong(529, 'overloaded_error'), 'transient', 'answered 529'],
    ['an answer of another shape', { body: { content: null } }, 'transient', 'answered 200 without a message'],
    ['an answer cut short', { body: '{"content": [' }, 'transient', 'answered 200 with a body that is not JSON'],
  ] satisfies [string, LocalAnswer, string, string][])('%s', async (_name, answer, kind, message) => {
    const fault = await faultOf(answer);
    expect(fault).toMatchObject({ kind, asked: 1 });
    expect(fault.message).toContain(message);
    expect(fault.message).not.toContain('the sky');
    expect(fault.message).not.toContain('sk-ant-test');
  });

  it('a rate limit, with the wait it asks for', async () => {
    expect(await faultOf(wrong(429, 'rate_limit_error', { 'retry-after': '3' }))).toMatchObject({
      kind: 'transient',
      wait: 3000,
      asked: 1,
    });
  });

  it('a time-out', async () => {
    expect(await faultOf('never', 50)).toMatchObject({ kind: 'transient', asked: 1 });
  });
});

it('a redirect is not followed: the key stays with its host', async () => {
  await using elsewhere = await localEndpoint(answered);
  const fault = await faultOf({ status: 307, headers: { location: `${elsewhere.url}/v1/messages` }, body: '' });
  expect(fault).toMatchObject({ kind: 'endpoint', asked: 1 });
  expect(elsewhere.requests).toEqual([]);
});
