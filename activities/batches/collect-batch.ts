// From a batch that has ended to the shards of its arm: answers into the packs, rows scored, results kept.
import type { BatchInput, CollectedBatch, CollectInput } from '../../domain/batch-stage.ts';
import { failureTypes } from '../../domain/failures.ts';
import { askedSuite, type AskedSuite } from '../asked-suite.ts';
import { openPacks, type AnswerPacks } from '../asking/answer-packs.ts';
import type { KeptAnswer } from '../asking/kept-answer.ts';
import { packScopeOf } from '../asking/row-questions.ts';
import type { BatchResult } from '../clients/batch-client.ts';
import { AskError } from '../clients/model-client.ts';
import { permanent } from '../permanent.ts';
import type { BatchDeps } from './batch-deps.ts';
import { batchEnd, keepBatch, recordKey, wasStopped } from './batch-records.ts';
import { keepShards, type Unanswered } from './keep-shards.ts';
import { questionsOfRows } from './open-questions.ts';

/** Answers that are stored at once. */
const packSize = 2000;

/**
 * Collects once: a repeated attempt gets what an earlier one kept. Rows whose question failed, expired or is missing are
 * unanswered, and their shards not committed. Throws a permanent failure when the vendor answered no question for a
 * reason that holds for all of them, and AskError when the results cannot be read now.
 */
export async function collectBatch(deps: BatchDeps, input: CollectInput, signal: AbortSignal): Promise<CollectedBatch> {
  const { store } = deps;
  const { batch, because } = input;
  const end = batch === null ? undefined : await batchEnd(store, input, batch.number);
  if (end?.outcome === 'collected') {
    return { asked: end.asked, again: end.again };
  }
  const suite = await askedSuite(store, input);
  const packs = await openPacks(store, packScopeOf(suite, input), { fresh: true });
  if (batch === null) {
    const unanswered: Unanswered = { stopped: because === 'budget' ? 'budget' : null, asked: new Set(), why };
    return { asked: await keepShards(store, suite, input, packs, unanswered), again: false };
  }
  const client = await deps.clientOf(input.arm);
  // Results of a batch that still runs are not there, which would look like questions without an answer.
  if ((await client.poll(batch.batchId, signal)).state !== 'ended') {
    throw new Error(`batch ${batch.batchId} has not ended`);
  }
  const results = client.results(batch.batchId, signal);
  const { asked, faults } = await stored(results, { suite, input, packs });
  const again = await wasStopped(store, input, batch.number);
  const shards = await keepShards(store, suite, input, packs, {
    stopped: null,
    asked,
    why: (digest) => faults.get(digest)?.message ?? 'the batch holds no answer to it',
  });
  const kept = await keepBatch.end(store, input, batch.number, { outcome: 'collected', asked: shards, again });
  const general = [...faults.values()].find(({ kind }) => kind === 'endpoint');
  if (general !== undefined && faults.size === asked.size) {
    throw permanent(failureTypes.providerRefused, general.message, { where: `arm ${input.arm.id}` });
  }
  return kept.outcome === 'collected' ? { asked: kept.asked, again: kept.again } : { asked: shards, again };

  function why(): string {
    const place = recordKey(input, 0, 'intent').replace('0000', '…');
    return because === 'lost'
      ? `a batch was perhaps submitted, and its id was lost (${place}; docs/providers.md says what to do)`
      : 'it was not asked';
  }
}

interface Collecting {
  readonly suite: AskedSuite;
  readonly input: BatchInput;
  readonly packs: AnswerPacks;
}

interface StoredResults {
  /** Questions that the batch says anything about. */
  readonly asked: ReadonlySet<string>;
  readonly faults: ReadonlyMap<string, AskError>;
}

/** Streams results into the packs. What is no question of ours is passed over. */
async function stored(
  results: AsyncIterable<BatchResult>,
  { suite, input, packs }: Collecting,
): Promise<StoredResults> {
  const ours = new Set(questionsOfRows(suite, input)(suite.rows.slice(0, input.rows)).map(({ digest }) => digest));
  const asked = new Set<string>();
  const faults = new Map<string, AskError>();
  let fresh = new Map<string, KeptAnswer>();
  for await (const { id, outcome } of results) {
    if (!ours.has(id)) {
      continue;
    }
    asked.add(id);
    if (outcome instanceof AskError) {
      faults.set(id, outcome);
    } else if (packs.get(id) === undefined) {
      const { rateLimit: _, toolCalls, ...answer } = outcome;
      // The time of an answer in a batch says nothing of how long it took.
      fresh.set(id, { ...answer, toolCalls: [...toolCalls], latencyMs: 0, paidBy: input.runKey });
    }
    if (fresh.size >= packSize) {
      await packs.add(fresh);
      fresh = new Map();
    }
  }
  await packs.add(fresh);
  return { asked, faults };
}
