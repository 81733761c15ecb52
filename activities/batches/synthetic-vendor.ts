// A vendor of batches for tests: keeps what is submitted over the vendor's own wire, and answers as a test says.
import { z } from 'zod';
import type { BatchClient } from '../clients/batch-client.ts';
import type { BatchProvider } from '../clients/batch-lines.ts';
import { localEndpoint, type LocalAnswer, type LocalRequest } from '../clients/local-endpoint.ts';
import { providerBatches } from '../clients/provider-batches.ts';
import { wireAccess, wires } from '../clients/synthetic-wires.ts';

/** What becomes of a question: its answer, a status with an error, `expired`, or `missing` for no line at all. */
export type Fate = string | number;

export interface VendorBatch {
  readonly id: string;
  readonly key: string | undefined;
  /** The last message of each question, by id. */
  readonly questions: ReadonlyMap<string, string>;
  readonly madeAt: Date;
  state: 'running' | 'ended' | 'failed';
  cancelled: boolean;
}

export interface Vendor extends AsyncDisposable {
  readonly url: string;
  readonly client: BatchClient;
  readonly batches: VendorBatch[];
  readonly requests: readonly LocalRequest[];
  /** In place of the reply to the next batch; `lost` makes the batch and breaks the connection off, `held` never replies. */
  trouble: 'lost' | 'held' | 'unreachable' | LocalAnswer | undefined;
  /** What questions with this last message become. */
  fateOf: (message: string) => Fate;
}

const bodySchema = z.looseObject({ messages: z.array(z.looseObject({ content: z.unknown() })) });
const openAiLine = z.object({ custom_id: z.string(), body: bodySchema });
const anthropicLine = z.object({ custom_id: z.string(), params: bodySchema });
const createSchema = z.looseObject({ metadata: z.record(z.string(), z.string()) });
const cut: LocalAnswer = { parts: [''], end: 'cut' };

/** Time of the vendor's clock, unless a test gives another. */
export const vendorTime = new Date('2026-01-02T12:00:00Z');

export async function syntheticVendor(provider: BatchProvider, now: () => Date = () => vendorTime): Promise<Vendor> {
  const batches: VendorBatch[] = [];
  let uploaded = new Map<string, string>();

  function create(key: string | undefined, questions: ReadonlyMap<string, string>): LocalAnswer {
    const { trouble } = vendor;
    vendor.trouble = undefined;
    if (trouble !== undefined && trouble !== 'lost' && trouble !== 'held') {
      return trouble === 'unreachable' ? cut : trouble;
    }
    const batch: VendorBatch = {
      id: `batch-${batches.length}`,
      key,
      questions,
      madeAt: now(),
      state: 'running',
      cancelled: false,
    };
    batches.push(batch);
    return trouble === 'lost' ? cut : trouble === 'held' ? 'never' : shown(batch);
  }

  const shown = (batch: VendorBatch): LocalAnswer => ({ body: bodyOf(batch) });
  const bodyOf = (batch: VendorBatch): object => (provider === 'openai' ? openAiBody(batch) : anthropicBody(batch));
  const named = (path: string): VendorBatch | undefined =>
    batches.find(({ id }) => path.split(/[/?]/u).includes(id) || path.includes(`/out-${id}/`));

  function answer({ method, path, body }: LocalRequest): LocalAnswer {
    const batch = named(path);
    if (batch !== undefined) {
      if (path.endsWith('/cancel')) {
        batch.cancelled = true;
        batch.state = 'ended';
      }
      return /content|results/u.test(path) ? { body: resultsOf(batch, vendor.fateOf) } : shown(batch);
    }
    if (path === '/v1/files') {
      uploaded = questionsOf(linesOf(String(body)).map((line) => openAiLine.parse(line)));
      return { body: { id: 'file-1', object: 'file', purpose: 'batch' } };
    }
    if (method === 'GET') {
      return { body: { object: 'list', data: batches.toReversed().map((one) => bodyOf(one)), has_more: false } };
    }
    if (provider === 'openai') {
      return create(createSchema.parse(body).metadata['contender_key'], uploaded);
    }
    const { requests } = z.object({ requests: z.array(anthropicLine) }).parse(body);
    return create(undefined, questionsOf(requests.map(({ custom_id, params }) => ({ custom_id, body: params }))));
  }

  function resultsOf(batch: VendorBatch, fateOf: (message: string) => Fate): string {
    const lines = [...batch.questions].map(([id, message]) =>
      provider === 'openai' ? openAiResult(id, fateOf(message)) : anthropicResult(id, fateOf(message)),
    );
    return lines.map((line) => (line === undefined ? '' : `${JSON.stringify(line)}\n`)).join('');
  }

  const endpoint = await localEndpoint(answer);
  const vendor: Vendor = {
    url: endpoint.url,
    client: await providerBatches(provider, wireAccess(wires[provider], endpoint.url)),
    batches,
    requests: endpoint.requests,
    trouble: undefined,
    fateOf: () => 'blue',
    [Symbol.asyncDispose]: () => endpoint[Symbol.asyncDispose](),
  };
  return vendor;
}

function linesOf(multipart: string): unknown[] {
  const lines = multipart.split(/\r?\n/u).filter((text) => text.startsWith('{'));
  return lines.map((text): unknown => JSON.parse(text));
}

function questionsOf(lines: readonly z.infer<typeof openAiLine>[]): Map<string, string> {
  return new Map(lines.map(({ custom_id, body }) => [custom_id, JSON.stringify(body.messages.at(-1)?.content)]));
}

function openAiBody({ id, key, questions, madeAt, state }: VendorBatch): object {
  return {
    id,
    object: 'batch',
    status: { running: 'in_progress', ended: 'completed', failed: 'failed' }[state],
    created_at: Math.floor(madeAt.getTime() / 1000),
    output_file_id: state === 'ended' ? `out-${id}` : null,
    request_counts: { total: questions.size, completed: 0, failed: 0 },
    metadata: { contender_key: key },
    errors: state === 'failed' ? { data: [{ code: 'token_limit_exceeded' }, { code: 'invalid_model' }] } : null,
  };
}

function anthropicBody({ id, questions, madeAt, state }: VendorBatch): object {
  const processing = state === 'running' ? questions.size : 0;
  return {
    id,
    type: 'message_batch',
    processing_status: state === 'running' ? 'in_progress' : 'ended',
    created_at: madeAt.toISOString(),
    request_counts: { processing, succeeded: questions.size - processing, errored: 0, canceled: 0, expired: 0 },
    results_url: null,
  };
}

function openAiResult(custom_id: string, fate: Fate): object | undefined {
  if (fate === 'missing') {
    return undefined;
  }
  if (fate === 'expired') {
    return { custom_id, response: null, error: { code: 'batch_expired' } };
  }
  const body =
    typeof fate === 'number'
      ? { error: { code: fate === 404 ? 'model_not_found' : 'odd_request', message: 'about the sky' } }
      : {
          id: 'c',
          object: 'chat.completion',
          created: 0,
          model: 'm',
          choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: fate } }],
          usage: { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 },
        };
  return { custom_id, response: { status_code: typeof fate === 'number' ? fate : 200, body }, error: null };
}

function anthropicResult(custom_id: string, fate: Fate): object | undefined {
  if (fate === 'missing') {
    return undefined;
  }
  if (fate === 'expired') {
    return { custom_id, result: { type: 'expired' } };
  }
  if (typeof fate === 'number') {
    const type = fate === 404 ? 'not_found_error' : 'invalid_request_error';
    return { custom_id, result: { type: 'errored', error: { type: 'error', error: { type, message: 'the sky' } } } };
  }
  const message = {
    id: 'c',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [{ type: 'text', text: fate }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 1 },
  };
  return { custom_id, result: { type: 'succeeded', message } };
}
