// Anthropic's Message Batches: https://docs.anthropic.com/en/docs/build-with-claude/batch-processing.
import { Anthropic } from '@anthropic-ai/sdk';
import { z } from 'zod';
import { askErrorOf } from './ai-sdk-client.ts';
import { batchLimits, clockSlackMs, requireBatchable, type BatchClient, type FoundBatch } from './batch-client.ts';
import { breathe, lineOf, outcomeOf } from './batch-lines.ts';
import { jsonLinesOf, unreadable } from './batch-results.ts';
import { boundFetch } from './bound-fetch.ts';
import { AskError, type Answer } from './model-client.ts';
import { baseUrlOf, endpointNameOf, keysOf, type ProviderAccess } from './provider-access.ts';

const path = '/v1/messages/batches';

type BatchCounts = z.infer<typeof countsSchema>;
const countsSchema = z.object({
  processing: z.int(),
  succeeded: z.int(),
  errored: z.int(),
  canceled: z.int(),
  expired: z.int(),
});

const batchSchema = z.object({
  id: z.string(),
  processing_status: z.enum(['in_progress', 'canceling', 'ended']),
  request_counts: countsSchema,
  results_url: z.string().nullish(),
});

const lineSchema = z.object({
  custom_id: z.string(),
  result: z.discriminatedUnion('type', [
    z.object({ type: z.literal('succeeded'), message: z.unknown() }),
    z.object({ type: z.literal('errored'), error: z.looseObject({ error: z.looseObject({ type: z.string() }) }) }),
    z.object({ type: z.literal('canceled') }),
    z.object({ type: z.literal('expired') }),
  ]),
});

/** Status that an error has where it is not in a batch: https://docs.anthropic.com/en/api/errors. */
const statusOf: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  overloaded_error: 529,
};

export function anthropicBatches(access: ProviderAccess): BatchClient {
  const named = endpointNameOf(access);
  const { name } = named;
  const { origin } = new URL(baseUrlOf(access));
  const client = new Anthropic({
    apiKey: Object.values(keysOf(access))[0] ?? '',
    // The package would take it from the environment.
    authToken: null,
    baseURL: origin,
    maxRetries: 0,
    logLevel: 'off',
    fetch: boundFetch({ ...named, origin }, 'any'),
  });

  async function asked<Reply>(signal: AbortSignal, call: () => PromiseLike<Reply>): Promise<Reply> {
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      throw askErrorOf(named, error);
    }
  }

  async function batchOf(signal: AbortSignal, call: () => PromiseLike<unknown>): Promise<z.infer<typeof batchSchema>> {
    const parsed = batchSchema.safeParse(await asked(signal, call));
    if (!parsed.success) {
      throw new AskError('transient', `${name} answered 200 without a batch`);
    }
    return parsed.data;
  }

  async function outcome({ result }: z.infer<typeof lineSchema>): Promise<Answer | AskError> {
    switch (result.type) {
      case 'succeeded':
        return await outcomeOf('anthropic', access, { status: 200, body: result.message });
      case 'errored': {
        const status = statusOf[result.error.error.type] ?? 500;
        return await outcomeOf('anthropic', access, { status, body: result.error });
      }
      case 'canceled':
      case 'expired':
        return new AskError('transient', `${name} left a question of the batch unanswered (${result.type})`);
      default:
        return result satisfies never;
    }
  }

  return {
    async submit(items, _key, signal) {
      requireBatchable(items, batchLimits.anthropic);
      const requests: object[] = [];
      const betas = new Set<string>();
      for (const [index, { id, question }] of items.entries()) {
        await breathe(index);
        const line = await lineOf('anthropic', access, question);
        requests.push({ custom_id: id, params: line.body });
        for (const beta of line.betas) {
          betas.add(beta);
        }
      }
      const headers = betas.size === 0 ? {} : { 'anthropic-beta': [...betas].join(',') };
      const batch = await batchOf(signal, () => client.post(path, { body: { requests }, headers, signal }));
      return batch.id;
    },
    async find({ questions, at }, signal) {
      const since = at.getTime() - clockSlackMs;
      return await asked<FoundBatch>(signal, async () => {
        // Newest first.
        for await (const batch of client.messages.batches.list({ limit: 100 }, { signal })) {
          if (Date.parse(batch.created_at) < since) {
            break;
          }
          if (countOf(batch.request_counts) === questions) {
            return { state: 'unknown' };
          }
        }
        return { state: 'none' };
      });
    },
    async poll(batchId, signal) {
      const batch = await batchOf(signal, () => client.messages.batches.retrieve(batchId, undefined, { signal }));
      const { succeeded, errored, canceled, expired } = batch.request_counts;
      return {
        state: batch.processing_status === 'ended' ? 'ended' : 'running',
        counts: { total: countOf(batch.request_counts), answered: succeeded, failed: errored + canceled + expired },
        codes: [],
      };
    },
    async *results(batchId, signal) {
      const batch = await batchOf(signal, () => client.messages.batches.retrieve(batchId, undefined, { signal }));
      const url = batch.results_url ?? `${path}/${encodeURIComponent(batchId)}/results`;
      const reply = await asked(signal, () => client.get(url, { signal, __binaryResponse: true }).asResponse());
      for await (const value of jsonLinesOf(name, reply.body)) {
        const line = lineSchema.safeParse(value);
        if (!line.success) {
          throw unreadable(name);
        }
        yield { id: line.data.custom_id, outcome: await outcome(line.data) };
      }
    },
    async cancel(batchId, signal) {
      await asked(signal, () => client.messages.batches.cancel(batchId, undefined, { signal }));
    },
  };
}

function countOf({ processing, succeeded, errored, canceled, expired }: BatchCounts): number {
  return processing + succeeded + errored + canceled + expired;
}
