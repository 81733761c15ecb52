// OpenAI's batch API: a file of requests, a batch over it, a file of replies.
// https://platform.openai.com/docs/guides/batch
import { OpenAI, toFile } from 'openai';
import { z } from 'zod';
import { askErrorOf } from './ai-sdk-client.ts';
import {
  batchLimits,
  clockSlackMs,
  requireBatchable,
  type BatchClient,
  type BatchProgress,
  type BatchResult,
  type FoundBatch,
} from './batch-client.ts';
import { breathe, lineOf, outcomeOf } from './batch-lines.ts';
import { jsonLinesOf, unreadable } from './batch-results.ts';
import { boundFetch } from './bound-fetch.ts';
import { AskError } from './model-client.ts';
import { baseUrlOf, endpointNameOf, keysOf, type ProviderAccess } from './provider-access.ts';

const endpoint = '/v1/chat/completions';
/** The mark by which a batch is found again. */
const markName = 'contender_key';

const lineSchema = z.object({
  custom_id: z.string(),
  response: z.object({ status_code: z.int(), body: z.unknown().optional() }).nullish(),
  error: z.object({ code: z.string().nullish() }).nullish(),
});

export function openAiBatches(access: ProviderAccess): BatchClient {
  const named = endpointNameOf(access);
  const baseURL = baseUrlOf(access);
  const client = new OpenAI({
    apiKey: Object.values(keysOf(access))[0] ?? '',
    baseURL,
    // The package would take these from the environment.
    organization: null,
    project: null,
    adminAPIKey: null,
    maxRetries: 0,
    logLevel: 'off',
    fetch: boundFetch({ ...named, origin: new URL(baseURL).origin }, 'any'),
  });

  async function asked<Reply>(signal: AbortSignal, call: () => PromiseLike<Reply>): Promise<Reply> {
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      throw askErrorOf(named, error);
    }
  }

  async function* linesOf(fileId: string, signal: AbortSignal): AsyncGenerator<BatchResult> {
    const file = await asked(signal, () => client.files.content(fileId, { signal }));
    for await (const value of jsonLinesOf(named.name, file.body)) {
      const line = lineSchema.safeParse(value).data;
      if (line === undefined) {
        throw unreadable(named.name);
      }
      const { response, error } = line;
      const outcome =
        response === undefined || response === null
          ? new AskError('transient', `${named.name} left a question of the batch unanswered (${codeOf(error?.code)})`)
          : await outcomeOf('openai', access, { status: response.status_code, body: response.body });
      yield { id: line.custom_id, outcome };
    }
  }

  return {
    async submit(items, key, signal) {
      requireBatchable(items, batchLimits.openai);
      const lines: string[] = [];
      for (const [index, { id, question }] of items.entries()) {
        await breathe(index);
        const { body } = await lineOf('openai', access, question);
        lines.push(JSON.stringify({ custom_id: id, method: 'POST', url: endpoint, body }));
      }
      const content = await toFile(Buffer.from(`${lines.join('\n')}\n`), 'batch.jsonl', { type: 'application/jsonl' });
      const file = await asked(signal, () => client.files.create({ file: content, purpose: 'batch' }, { signal }));
      const batch = await asked(signal, () =>
        client.batches.create(
          { input_file_id: file.id, endpoint, completion_window: '24h', metadata: { [markName]: key } },
          { signal },
        ),
      );
      return batch.id;
    },
    async find({ key, at }, signal) {
      return await asked<FoundBatch>(signal, async () => {
        // Newest first.
        for await (const batch of client.batches.list({ limit: 100 }, { signal })) {
          if (batch.metadata?.[markName] === key) {
            return { state: 'found', batchId: batch.id };
          }
          if (batch.created_at * 1000 < at.getTime() - clockSlackMs) {
            break;
          }
        }
        return { state: 'none' };
      });
    },
    async poll(batchId, signal) {
      const {
        status,
        request_counts: counts,
        errors,
      } = await asked(signal, () => client.batches.retrieve(batchId, { signal }));
      return {
        state: stateOf(status),
        counts: { total: counts?.total ?? 0, answered: counts?.completed ?? 0, failed: counts?.failed ?? 0 },
        codes: [...new Set((errors?.data ?? []).map(({ code }) => codeOf(code)))],
      };
    },
    async *results(batchId, signal) {
      const { output_file_id: output, error_file_id: faults } = await asked(signal, () =>
        client.batches.retrieve(batchId, { signal }),
      );
      for (const fileId of [output, faults]) {
        if (fileId !== undefined && fileId !== null) {
          yield* linesOf(fileId, signal);
        }
      }
    },
    async cancel(batchId, signal) {
      await asked(signal, () => client.batches.cancel(batchId, { signal }));
    },
  };
}

function stateOf(status: OpenAI.Batch['status']): BatchProgress['state'] {
  switch (status) {
    case 'validating':
    case 'in_progress':
    case 'finalizing':
    case 'cancelling':
      return 'running';
    case 'completed':
    case 'expired':
    case 'cancelled':
      return 'ended';
    case 'failed':
      return 'failed';
    default:
      return status satisfies never;
  }
}

/** Codes are the vendor's own words; anything else is not shown. */
function codeOf(code: string | null | undefined): string {
  return typeof code === 'string' && /^[a-z_]{1,60}$/u.test(code) ? code : 'no code given';
}
