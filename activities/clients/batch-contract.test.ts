// What both batch clients do, against a stub that keeps a batch as the vendor documents it.
import { describe, expect, it } from 'vitest';
import type { BatchClient, BatchItem, BatchResult } from './batch-client.ts';
import type { BatchProvider } from './batch-lines.ts';
import { localEndpoint, type LocalAnswer, type LocalRequest } from './local-endpoint.ts';
import { AskError } from './model-client.ts';
import { providerBatches } from './provider-batches.ts';
import { providerClient } from './provider-client.ts';
import { wireText, type Wire } from './synthetic-wire.ts';
import { wireAccess, wires } from './synthetic-wires.ts';

const signal = new AbortController().signal;
const items: BatchItem[] = ['row-1', 'row-2', 'row-3', 'row-4'].map((id) => ({
  id,
  question: {
    messages: [
      { role: 'system', content: 'Which chapter?' },
      { role: 'user', content: 'glaucoma' },
    ],
    maxTokens: 9,
  },
}));

interface BatchWire {
  readonly wire: Wire;
  /** The stub: a batch that has ended, with one answer, a fault of the row, a refusal, and one question that expired. */
  readonly ended: (request: LocalRequest, url: string) => LocalAnswer;
  readonly running: object;
  readonly submitted: (requests: readonly LocalRequest[]) => unknown;
  readonly counts: object;
}

const openAi = wires.openai;
const openAiBatch = {
  id: 'batch-1',
  object: 'batch',
  status: 'completed',
  output_file_id: 'out-1',
  error_file_id: 'err-1',
  request_counts: { total: 4, completed: 2, failed: 2 },
  metadata: { contender_key: 'key-1' },
};
const line = (id: string, status: number, body: unknown) =>
  JSON.stringify({
    id: `r-${id}`,
    custom_id: id,
    response: { status_code: status, request_id: 'q', body },
    error: null,
  });

function openAiStub({ method, path }: LocalRequest): LocalAnswer {
  const files: Record<string, string> = {
    '/v1/files/out-1/content': [line('row-1', 200, openAi.answer.body), line('row-3', 200, openAi.refusal?.body)].join(
      '\n',
    ),
    '/v1/files/err-1/content': [
      line('row-2', 400, openAi.error('too long').body),
      JSON.stringify({
        custom_id: 'row-4',
        response: null,
        error: { code: 'batch_expired', message: 'about glaucoma' },
      }),
    ].join('\n'),
  };
  const file = files[path];
  if (file !== undefined) {
    return {
      headers: { 'content-type': 'application/octet-stream' },
      parts: [file.slice(0, 40), file.slice(40)],
      waitMs: 2,
      end: 'whole',
    };
  }
  if (path === '/v1/files') {
    return { body: { id: 'file-1', object: 'file', purpose: 'batch' } };
  }
  return {
    body: method === 'GET' && path.startsWith('/v1/batches?') ? { object: 'list', data: [openAiBatch] } : openAiBatch,
  };
}

const anthropic = wires.anthropic;
const anthropicBatch = (url: string) => ({
  id: 'batch-1',
  type: 'message_batch',
  processing_status: 'ended',
  request_counts: { processing: 0, succeeded: 2, errored: 1, canceled: 0, expired: 1 },
  results_url: `${url}/v1/messages/batches/batch-1/results`,
});

function anthropicStub({ path }: LocalRequest, url: string): LocalAnswer {
  if (!path.endsWith('/results')) {
    return { body: anthropicBatch(url) };
  }
  const results = [
    { custom_id: 'row-1', result: { type: 'succeeded', message: anthropic.answer.body } },
    { custom_id: 'row-2', result: { type: 'errored', error: anthropic.error('too long').body } },
    { custom_id: 'row-3', result: { type: 'succeeded', message: anthropic.refusal?.body } },
    { custom_id: 'row-4', result: { type: 'expired' } },
  ];
  return {
    headers: { 'content-type': 'application/x-jsonl' },
    body: `${results.map((one) => JSON.stringify(one)).join('\n')}\n`,
  };
}

const batches: [BatchProvider, BatchWire][] = [
  [
    'openai',
    {
      wire: openAi,
      ended: openAiStub,
      running: { ...openAiBatch, status: 'in_progress', request_counts: { total: 4, completed: 1, failed: 0 } },
      submitted: ([upload]) => {
        const jsonl = String(upload?.body)
          .split(/\r?\n/u)
          .filter((text) => text.startsWith('{'));
        return jsonl.map((text): unknown => JSON.parse(text));
      },
      counts: { total: 4, answered: 1, failed: 0 },
    },
  ],
  [
    'anthropic',
    {
      wire: anthropic,
      ended: anthropicStub,
      running: {
        ...anthropicBatch(''),
        processing_status: 'in_progress',
        results_url: null,
        request_counts: { processing: 3, succeeded: 1, errored: 0, canceled: 0, expired: 0 },
      },
      submitted: ([request]) => Object(request?.body).requests,
      counts: { total: 4, answered: 1, failed: 0 },
    },
  ],
];

describe.each(batches)('batches of %s', (provider, { wire, ended, running, submitted, counts }) => {
  async function withStub<Result>(
    answer: (request: LocalRequest, url: string) => LocalAnswer,
    work: (client: BatchClient, requests: readonly LocalRequest[]) => Promise<Result>,
  ): Promise<Result> {
    let url = '';
    await using endpoint = await localEndpoint((request) => answer(request, url));
    url = endpoint.url;
    return await work(await providerBatches(provider, wireAccess(wire, url)), endpoint.requests);
  }

  it('hold exactly the requests that would be sent one by one', async () => {
    await using endpoint = await localEndpoint(wire.answer);
    const one = await providerClient(provider, wireAccess(wire, endpoint.url));
    await one.ask({
      messages: [],
      maxTokens: 1,
      ...items[0]?.question,
      signal,
    });
    const single = endpoint.requests[0]?.body;
    await withStub(ended, async (client, requests) => {
      expect(await client.submit(items, 'key-1', signal)).toBe('batch-1');
      expect(requests.every(({ headers }) => JSON.stringify(headers).includes('sk-test'))).toBe(true);
      const lines = submitted(requests);
      const [first] = Array.isArray(lines) ? lines : [];
      expect(lines).toHaveLength(4);
      expect(first).toMatchObject(
        provider === 'openai'
          ? { custom_id: 'row-1', method: 'POST', url: '/v1/chat/completions', body: single }
          : { custom_id: 'row-1', params: single },
      );
    });
  });

  it('are polled for how far they are', async () => {
    await withStub(
      () => ({ body: running }),
      async (client) => {
        expect(await client.poll('batch-1', signal)).toEqual({ state: 'running', counts, codes: [] });
      },
    );
    await withStub(ended, async (client) => {
      expect(await client.poll('batch-1', signal)).toMatchObject({
        state: 'ended',
        counts: { total: 4, answered: 2, failed: 2 },
      });
    });
  });

  it('give each question its answer or its fault, as if it had been asked alone', async () => {
    const results: BatchResult[] = await withStub(
      ended,
      async (client) => await Array.fromAsync(client.results('batch-1', signal)),
    );
    const byId = new Map(results.map(({ id, outcome }) => [id, outcome]));
    expect(byId.get('row-1')).toMatchObject({
      text: wireText,
      promptTokens: 12,
      cachedPromptTokens: 4,
      completionTokens: 3,
      finish: wire.finish,
    });
    expect(byId.get('row-2')).toMatchObject({
      kind: 'row',
      message: expect.stringContaining('the prompt is too long'),
    });
    expect(byId.get('row-3')).toMatchObject({ refused: true });
    expect(byId.get('row-4')).toMatchObject({ kind: 'transient', message: expect.stringContaining('expired') });
    expect(results).toHaveLength(4);
  });

  it.each([
    ['wrong key', 'endpoint'],
    ['rate limit', 'transient'],
    ['overload', 'transient'],
  ] as const)('are not there after %s, and the error holds neither row nor key', async (name, kind) => {
    await withStub(
      () => wire.error(name),
      async (client, requests) => {
        const error: unknown = await client.submit(items, 'key-1', signal).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(AskError);
        expect(error).toMatchObject({ kind, message: expect.not.stringMatching(/glaucoma|sk-test/u) });
        expect(requests).toHaveLength(1);
      },
    );
  });

  it('are stopped by a request that names them', async () => {
    await withStub(
      () => ({ body: running }),
      async (client, requests) => {
        await client.cancel('batch-1', signal);
        const path = provider === 'openai' ? '/v1/batches/batch-1/cancel' : '/v1/messages/batches/batch-1/cancel';
        expect(requests).toMatchObject([{ method: 'POST', path }]);
      },
    );
  });

  it('with results that break off are read again later', async () => {
    await withStub(
      (request, url) =>
        /content|results/u.test(request.path) ? { parts: ['{"custom_id": "row'], end: 'cut' } : ended(request, url),
      async (client) => {
        await expect(Array.fromAsync(client.results('batch-1', signal))).rejects.toMatchObject({ kind: 'transient' });
      },
    );
  });

  it('of nothing, of equal ids or of ids with other characters are refused before anything is sent', async () => {
    await withStub(ended, async (client, requests) => {
      const equal = items.map((item) => ({ ...item, id: 'row-1' }));
      const spaced = items.map((item) => ({ ...item, id: item.id.replace('-', ' ') }));
      for (const wrong of [[], equal, spaced]) {
        await expect(client.submit(wrong, 'k', signal)).rejects.toThrow(RangeError);
      }
      expect(requests).toEqual([]);
    });
  });
});

const page = (id: string, created_at: number, key: string) => ({
  body: {
    object: 'list',
    data: [{ ...openAiBatch, id, created_at, metadata: { contender_key: key } }],
    has_more: true,
    last_id: id,
  },
});

describe('a batch whose id was lost', () => {
  it('is found again by its key where the vendor keeps one', async () => {
    await using endpoint = await localEndpoint(openAiStub);
    const client = await providerBatches('openai', wireAccess(openAi, endpoint.url));
    const at = new Date(0);
    expect(await client.find({ key: 'key-1', questions: 4, at }, signal)).toEqual({
      state: 'found',
      batchId: 'batch-1',
    });
    expect(await client.find({ key: 'key-2', questions: 4, at }, signal)).toEqual({ state: 'none' });
  });

  it('is looked for on every page that may hold it, and on no older one', async () => {
    const pages = [page('new', 20_000, 'other'), page('mine', 10_000, 'key-1'), page('old', 0, 'key-2')];
    let asked = 0;
    await using endpoint = await localEndpoint(() => pages[asked++ % 3] ?? 'never');
    const client = await providerBatches('openai', wireAccess(openAi, endpoint.url));
    const at = new Date(10_000_000);
    expect(await client.find({ key: 'key-1', questions: 4, at }, signal)).toEqual({ state: 'found', batchId: 'mine' });
    expect(endpoint.requests).toHaveLength(2);
    asked = 0;
    expect(await client.find({ key: 'key-9', questions: 4, at }, signal)).toEqual({ state: 'none' });
    expect(endpoint.requests).toHaveLength(5);
  });

  it.each([
    ['may be one of the same size that was made since', 4, '2026-01-02T12:00:00Z', 'unknown'],
    ['is none of another size', 5, '2026-01-02T12:00:00Z', 'none'],
    ['is none that was made long before', 4, '2026-01-02T09:00:00Z', 'none'],
  ])('%s, where batches carry no mark', async (_, questions, created, state) => {
    await using endpoint = await localEndpoint(() => ({
      body: {
        data: [{ ...anthropicBatch('http://none'), created_at: created }],
        has_more: false,
        first_id: null,
        last_id: null,
      },
    }));
    const client = await providerBatches('anthropic', wireAccess(anthropic, endpoint.url));
    const at = new Date('2026-01-02T12:00:01Z');
    expect(await client.find({ key: 'key-1', questions, at }, signal)).toEqual({ state });
    expect(endpoint.requests[0]?.path).toMatch(/^\/v1\/messages\/batches\?/u);
  });

  it('was marked when it was submitted', async () => {
    await using endpoint = await localEndpoint(openAiStub);
    const client = await providerBatches('openai', wireAccess(openAi, endpoint.url));
    await client.submit(items, 'key-1', signal);
    expect(endpoint.requests[1]?.body).toMatchObject({
      input_file_id: 'file-1',
      completion_window: '24h',
      metadata: { contender_key: 'key-1' },
    });
  });
});

it('a batch that the vendor refused as a whole says why, in its codes', async () => {
  const body = {
    ...openAiBatch,
    status: 'failed',
    errors: { data: [{ code: 'invalid_json_line', message: 'about glaucoma' }] },
  };
  await using endpoint = await localEndpoint({ body });
  const client = await providerBatches('openai', wireAccess(openAi, endpoint.url));
  expect(await client.poll('batch-1', signal)).toMatchObject({ state: 'failed', codes: ['invalid_json_line'] });
});

it('results elsewhere are not fetched with the key', async () => {
  await using elsewhere = await localEndpoint({ body: '' });
  await using endpoint = await localEndpoint({ body: anthropicBatch(elsewhere.url) });
  const client = await providerBatches('anthropic', wireAccess(anthropic, endpoint.url));
  await expect(Array.fromAsync(client.results('batch-1', signal))).rejects.toMatchObject({ kind: 'endpoint' });
  expect(elsewhere.requests).toEqual([]);
});
