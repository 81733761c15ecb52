// What every provider's client does, against a stub that speaks the provider's documented wire format.
import { describe, expect, it } from 'vitest';
import { providerSchema } from '../../domain/providers.ts';
import { localEndpoint, type LocalAnswer } from './local-endpoint.ts';
import { AskError, type Answer, type Question } from './model-client.ts';
import { providerClient, type ClosedProvider } from './provider-client.ts';
import { streamOf, wireText, wireTool, type Wire, type WireError } from './synthetic-wire.ts';
import { wireAccess, wires, type WireAccess } from './synthetic-wires.ts';

const providers = providerSchema.exclude(['stand-in']).options.map((provider) => [provider, wires[provider]] as const);

type Asked = Partial<Pick<Question, 'signal' | 'tools'>> & WireAccess;

function questionOf({ signal, tools }: Asked): Question {
  return {
    messages: [
      { role: 'system', content: 'Which chapter?' },
      { role: 'user', content: 'glaucoma' },
    ],
    maxTokens: 9,
    signal: signal ?? new AbortController().signal,
    ...(tools === undefined ? {} : { tools }),
  };
}

/** Asks once and gives the answer with what the stub received. */
async function answerOf(provider: ClosedProvider, reply: LocalAnswer, asked: Asked = {}) {
  await using endpoint = await localEndpoint(reply);
  const client = await providerClient(provider, wireAccess(wires[provider], endpoint.url, asked));
  const answer: Answer = await client.ask(questionOf(asked));
  return { answer, requests: endpoint.requests };
}

/** Asks once and gives the fault, after checking what holds of every fault. */
async function faultOf(provider: ClosedProvider, reply: LocalAnswer, asked: Asked = {}) {
  await using endpoint = await localEndpoint(reply);
  const client = await providerClient(provider, wireAccess(wires[provider], endpoint.url, asked));
  const error: unknown = await client.ask(questionOf(asked)).catch((thrown: unknown) => thrown);
  if (!(error instanceof AskError)) {
    throw new Error('expected an AskError', { cause: error });
  }
  expect(error.message, 'a message holds neither row nor key').not.toMatch(/glaucoma|sk-test/u);
  expect(error.message.length).toBeLessThan(200);
  expect(endpoint.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  return { kind: error.kind, message: error.message, wait: error.retryAfterMs };
}

const whole = (wire: Wire, body: string): LocalAnswer => ({ ...wire.answer, body });

describe.each(providers)('%s', (provider, wire) => {
  it('is asked with one request: path, key and body are as documented', async () => {
    const { requests } = await answerOf(provider, wire.answer);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: 'POST', path: wire.path, body: wire.question });
    expect(wire.auth(requests[0]?.headers ?? {})).toEqual(wire.expectedAuth);
  });

  it('answers with text, usage and finish reason', async () => {
    const { answer } = await answerOf(provider, wire.answer);
    expect(answer).toMatchObject({
      text: wireText,
      promptTokens: wire.usage.prompt,
      cachedPromptTokens: wire.usage.cached,
      completionTokens: wire.usage.completion,
      finish: wire.finish,
      refused: false,
      toolCalls: [],
      firstTokenMs: null,
    });
  });

  if (wire.toolCall !== undefined) {
    const { toolCall } = wire;
    it('calls tools, whose schema it is sent', async () => {
      const parameters = { type: 'object', properties: { chapter: { type: 'string' } }, required: ['chapter'] };
      const tools = [{ name: wireTool.name, description: 'assigns a chapter', parameters }];
      const { answer, requests } = await answerOf(provider, toolCall, { tools });
      expect(answer.toolCalls).toEqual([wireTool]);
      expect(JSON.stringify(requests[0]?.body)).toContain('assigns a chapter');
      expect(JSON.stringify(requests[0]?.body)).toContain('"chapter":{"type":"string"}');
    });
  }

  for (const refusal of [wire.refusal, wire.filtered].filter((one) => one !== undefined)) {
    it(`refuses with status ${refusal.status ?? 200}, which is an answer and no fault`, async () => {
      const { answer } = await answerOf(provider, refusal);
      expect(answer.refused).toBe(true);
    });
  }

  it.each([
    ['wrong key', 'endpoint', new RegExp(`check the key in .*${Object.keys(wire.secrets)[0] ?? ''}`, 'u')],
    ['unknown model', 'endpoint', /check the model id/u],
    ['no quota', 'endpoint', /no quota left|check the key/u],
    ['rate limit', 'transient', /answered 429/u],
    ['overload', 'transient', /answered 5(?:03|29)/u],
    ['too long', 'row', /the prompt is too long/u],
    ['bad request', 'row', /answered 4(?:00|22)/u],
  ] satisfies [WireError, AskError['kind'], RegExp][])('tells %s apart', async (name, kind, message) => {
    expect(await faultOf(provider, wire.error(name))).toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  it('says how long a rate limit asks to wait', async () => {
    expect(await faultOf(provider, wire.error('rate limit'))).toMatchObject({ kind: 'transient', wait: 7000 });
  });

  it.each([
    ['an error with status 200', wire.hiddenError],
    ['garbage', whole(wire, '<html>Bad gateway</html>')],
    ['JSON of another shape', whole(wire, '{"ok":true}')],
    ['a list', whole(wire, '[]')],
    ['truncated JSON', whole(wire, JSON.stringify(wire.answer.body).slice(0, -20))],
    ['a connection that is cut', { parts: [JSON.stringify(wire.answer.body).slice(0, 20)], end: 'cut' }],
    ['an overload without a body', { status: 503, body: '' }],
  ] satisfies [string, LocalAnswer][])('is asked again later after %s', async (_name, reply) => {
    expect(await faultOf(provider, reply)).toMatchObject({ kind: 'transient' });
  });

  it.each([
    ['never answers', 'never'],
    ['never ends its answer', { parts: ['{'], end: 'never' }],
  ] satisfies [string, LocalAnswer][])('is given up for now when it %s', async (_name, reply) => {
    expect(await faultOf(provider, reply, { timeoutMs: 60 })).toMatchObject({
      kind: 'transient',
      message: expect.stringContaining('gave no whole answer within 0.06 s'),
    });
  });

  it('is not reached: asked again later', async () => {
    const client = await providerClient(provider, wireAccess(wire, 'http://127.0.0.1:9'));
    await expect(client.ask(questionOf({}))).rejects.toMatchObject({
      kind: 'transient',
      message: expect.stringContaining('could not be reached (ECONNREFUSED)'),
    });
  });

  it('stops at once when the run is cancelled, with its reason', async () => {
    await using endpoint = await localEndpoint('never');
    const client = await providerClient(provider, wireAccess(wire, endpoint.url));
    const controller = new AbortController();
    const reason = new Error('cancelled');
    setTimeout(() => controller.abort(reason), 30);
    await expect(client.ask(questionOf({ signal: controller.signal }))).rejects.toBe(reason);
  });

  it('sends its key to no other host: a redirect is not followed', async () => {
    await using elsewhere = await localEndpoint(wire.answer);
    for (const status of [302, 307]) {
      const reply = { status, headers: { location: `${elsewhere.url}${wire.path}` }, body: '' };
      expect(await faultOf(provider, reply)).toMatchObject({ kind: 'endpoint' });
    }
    expect(elsewhere.requests).toEqual([]);
  });

  it('has no client without its key, and the error names the variable', async () => {
    const [variable = ''] = Object.keys(wire.secrets);
    await expect(providerClient(provider, wireAccess(wire, 'http://127.0.0.1:9', { secrets: {} }))).rejects.toThrow(
      expect.objectContaining({ name: 'ContenderBadInput', message: expect.stringContaining(variable) }),
    );
  });
});

const streaming = providers.filter(([, wire]) => wire.stream !== undefined);

describe.each(streaming)('%s, streamed', (provider, wire) => {
  const stream = true;
  const { events = [], error = '', headers = {} } = wire.stream ?? {};

  it('answers as it does otherwise, and says when the first token came', async () => {
    const { answer, requests } = await answerOf(provider, streamOf(wire, 'whole', undefined, 5), { stream });
    expect(requests).toMatchObject([{ path: wire.streamPath }]);
    expect(answer).toMatchObject({
      text: wireText,
      promptTokens: wire.usage.prompt,
      completionTokens: wire.usage.completion,
      finish: wire.finish,
      refused: false,
    });
    expect(answer.firstTokenMs).toBeGreaterThan(0);
  });

  it.each([
    ['is cut off', streamOf(wire, 'cut', 3)],
    ['ends before the answer does', streamOf(wire, 'whole', 1)],
    ['is empty', streamOf(wire, 'whole', 0)],
    ['is garbage', { headers, parts: ['data: {"nonsense\n\n', 'data: more\n\n'], end: 'whole' }],
    ['reports an error', { headers, parts: [...events.slice(0, 1), error], end: 'whole' }],
    ['is none, but an error with status 200', wire.hiddenError],
  ] satisfies [string, LocalAnswer][])('is asked again later when the stream %s', async (_name, reply) => {
    expect(await faultOf(provider, reply, { stream })).toMatchObject({ kind: 'transient' });
  });

  it.each([
    ['stalls', streamOf(wire, 'never', 2)],
    ['is too slow', streamOf(wire, 'whole', undefined, 60)],
  ])('is given up for now when the stream %s', async (_name, reply) => {
    expect(await faultOf(provider, reply, { stream, timeoutMs: 90 })).toMatchObject({
      kind: 'transient',
      message: expect.stringContaining('gave no whole answer within'),
    });
  });

  it.each(['wrong key', 'rate limit', 'overload', 'too long'] as const)('tells %s apart', async (name) => {
    const { kind } = await faultOf(provider, wire.error(name));
    expect(await faultOf(provider, wire.error(name), { stream })).toMatchObject({ kind });
  });
});
