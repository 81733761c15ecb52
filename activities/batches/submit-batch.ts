// Hands the unanswered questions of an arm to its vendor as one batch, or finds the batch that has them already.
import { hashOf } from '../../domain/canonical.ts';
import type { BatchInput, BatchIntent, BatchStart } from '../../domain/batch-stage.ts';
import { failureTypes } from '../../domain/failures.ts';
import { askedSuite } from '../asked-suite.ts';
import { openPacks } from '../asking/answer-packs.ts';
import { packScopeOf } from '../asking/row-questions.ts';
import { batchLimits, type BatchClient, type BatchItem } from '../clients/batch-client.ts';
import { AskError } from '../clients/model-client.ts';
import { permanent } from '../permanent.ts';
import type { BatchDeps } from './batch-deps.ts';
import { keepBatch, openBatch } from './batch-records.ts';
import { openQuestions } from './open-questions.ts';

/** Longest time for handing over a batch. */
const submitMs = 600_000;
/** Half of the 200 MB that OpenAI takes as a file; Anthropic takes 256 MB. */
const mostBytes = 100_000_000;
/**
 * How long a batch that was about to be submitted may still come to be, in milliseconds: another attempt may be cut off
 * from Temporal and not from the vendor, and then the vendor may take a while to list what it took.
 */
const settleMs = submitMs + 120_000;

/**
 * Never pays for a batch twice: what is about to be submitted is written down first, and a batch whose id was lost is
 * looked for. Throws a permanent failure when the vendor refuses, and Error when it is to be tried again. Does not heed
 * a cancellation: a batch that was submitted must be noted, so that it can be stopped.
 */
export async function submitBatch(deps: BatchDeps, input: BatchInput): Promise<BatchStart> {
  const { store } = deps;
  const client = await deps.clientOf(input.arm);
  const open = await openBatch(store, input);
  let { number } = open;
  if (open.intent !== undefined) {
    const { questions, toRow } = open.intent;
    const toShard = Math.min(input.toShard, Math.max(input.fromShard + 1, Math.ceil(toRow / input.shardRows)));
    const found = open.batchId ?? (await foundId(deps, client, open.intent));
    if (found === null) {
      return { kind: 'none', because: 'lost', toShard };
    }
    if (found !== undefined) {
      const batchId = await keepBatch.id(store, input, number, found);
      return { kind: 'submitted', batch: { number, batchId, questions }, toShard };
    }
    await keepBatch.end(store, input, number, { outcome: 'refused', reason: 'the vendor has no such batch' });
    number += 1;
  }
  const suite = await askedSuite(store, input);
  const packs = await openPacks(store, packScopeOf(suite, input), { fresh: true });
  const limit = input.arm.provider === 'anthropic' ? batchLimits.anthropic : batchLimits.openai;
  const { items, toShard, affordable } = openQuestions(suite, input, packs, { questions: limit, bytes: mostBytes });
  if (items.length === 0 || !affordable) {
    return { kind: 'none', because: items.length === 0 ? 'answered' : 'budget', toShard };
  }
  const mine: BatchIntent = {
    key: hashOf({ runKey: input.runKey, arm: input.arm.id, number, nonce: crypto.randomUUID() }),
    questions: items.length,
    toRow: Math.min(input.rows, toShard * input.shardRows),
    at: deps.now().toISOString(),
  };
  const { key } = await keepBatch.intent(store, input, number, mine);
  if (key !== mine.key) {
    throw new Error('another attempt is submitting this batch');
  }
  const batchId = await submitted(deps, input, { client, items, number, key });
  return { kind: 'submitted', batch: { number, batchId, questions: items.length }, toShard };
}

/** The id of a batch that was about to be submitted; undefined when there is none, null when nobody can tell. */
async function foundId(
  { now }: BatchDeps,
  client: BatchClient,
  { key, questions, at }: BatchIntent,
): Promise<string | undefined | null> {
  const found = await client.find({ key, questions, at: new Date(at) }, AbortSignal.timeout(submitMs));
  switch (found.state) {
    case 'found':
      return found.batchId;
    case 'none':
      if (now().getTime() - Date.parse(at) < settleMs) {
        throw new Error('a batch that was perhaps submitted is waited for');
      }
      return undefined;
    case 'unknown':
      return null;
    default:
      return found satisfies never;
  }
}

interface Submission {
  readonly client: BatchClient;
  readonly items: readonly BatchItem[];
  readonly number: number;
  readonly key: string;
}

async function submitted(
  { store }: BatchDeps,
  input: BatchInput,
  { client, items, number, key }: Submission,
): Promise<string> {
  let batchId: string;
  try {
    batchId = await client.submit(items, key, AbortSignal.timeout(submitMs));
  } catch (error) {
    if (error instanceof AskError && wasRefused(error)) {
      await keepBatch.end(store, input, number, { outcome: 'refused', reason: error.message });
      if (error.kind !== 'transient') {
        throw permanent(failureTypes.providerRefused, error.message, { where: `arm ${input.arm.id}` });
      }
    }
    throw error;
  }
  return await keepBatch.id(store, input, number, batchId);
}

/** True when the vendor's reply says that it took nothing. After any other fault it may have the batch. */
function wasRefused({ kind, status }: AskError): boolean {
  return kind !== 'transient' || (status !== undefined && [409, 424, 425, 429, 503, 529].includes(status));
}
