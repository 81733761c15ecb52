// The activities of batches against a vendor that keeps batches as the real ones document it.
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import type { BatchInput, BatchStart, CollectedBatch } from '../domain/batch-stage.ts';
import { failureTypes } from '../domain/failures.ts';
import { rowResultSchema } from '../domain/scorecard.ts';
import { memoryStore } from '../registry/memory-store.ts';
import type { ObjectStore } from '../registry/store.ts';
import { createBatchActivities, type BatchActivities } from './batches.ts';
import { recordKey } from './batches/batch-records.ts';
import { syntheticBatchInput } from './batches/synthetic-batch-input.ts';
import { syntheticVendor, vendorTime, type Vendor } from './batches/synthetic-vendor.ts';
import { keptShard, shardKey } from './asking/kept-shard.ts';
import { parseLines } from './json-lines.ts';
import { score } from './score.ts';
import { syntheticDeps } from './synthetic-deps.ts';
import { getBlob } from '../registry/blobs.ts';

const minutes = 60_000;

/** An arm at a vendor, with a store and a clock of the test. */
interface Scene {
  readonly vendor: Vendor;
  readonly store: ObjectStore;
  readonly input: BatchInput;
  readonly activities: BatchActivities;
  readonly clock: { now: Date };
}

function sceneOf(vendor: Vendor, store: ObjectStore, input: BatchInput): Scene {
  const clock = { now: vendorTime };
  const real = createBatchActivities(syntheticDeps({ store, now: () => clock.now }), async () => vendor.client);
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const activities: BatchActivities = {
    submitBatch: async (given) => await environment.run(async () => await real.submitBatch(given)),
    pollBatch: async (given) => await environment.run(async () => await real.pollBatch(given)),
    collectBatch: async (given) => await environment.run(async () => await real.collectBatch(given)),
    cancelBatch: async (given) => await environment.run(async () => await real.cancelBatch(given)),
  };
  return { vendor, store, input, activities, clock };
}

/** Collects after the vendor has ended what it has. */
async function collected({ activities, input, vendor }: Scene, start: BatchStart): Promise<CollectedBatch> {
  end(vendor, 'ended');
  return await activities.collectBatch(
    start.kind === 'submitted'
      ? { ...input, batch: start.batch, because: 'answered' }
      : { ...input, batch: null, because: start.because },
  );
}

async function submittedBatch({ activities, input }: Scene) {
  const start = await activities.submitBatch(input);
  if (start.kind !== 'submitted') {
    throw new Error(`nothing was submitted: ${start.because}`);
  }
  return start;
}

function end({ batches }: Vendor, state: 'ended' | 'failed'): void {
  for (const batch of batches) {
    batch.state = state;
  }
}

/** Errors of the rows, in their order. */
async function errorsOf({ store, input }: Scene, { asked }: CollectedBatch): Promise<(string | undefined)[]> {
  const partial = new Map(asked.incomplete.map(({ shard, results }) => [shard, results]));
  const errors: (string | undefined)[] = [];
  for (let shard = input.fromShard; shard < input.toShard; shard += 1) {
    const ref = partial.get(shard) ?? (await keptShard(store, shardKey(input.runKey, input.arm.id, shard)))?.results;
    if (ref !== undefined) {
      errors.push(...parseLines(await getBlob(store, ref), rowResultSchema).map(({ error }) => error));
    }
  }
  return errors;
}

describe.each(['openai', 'anthropic'] as const)('a batch of %s', (provider) => {
  async function withScene<Result>(
    work: (scene: Scene) => Promise<Result>,
    given: Partial<BatchInput> = {},
  ): Promise<Result> {
    await using vendor = await syntheticVendor(provider);
    const store = memoryStore();
    return await work(sceneOf(vendor, store, await syntheticBatchInput(store, provider, given)));
  }

  it('asks every row once, and becomes the shards and the scorecard of its arm', async () => {
    await withScene(async (scene) => {
      const { vendor, store, input, activities } = scene;
      const start = await submittedBatch(scene);
      expect(start).toEqual({
        kind: 'submitted',
        batch: { number: 0, batchId: 'batch-0', questions: 3 },
        toShard: 2,
      });
      const place = { runKey: input.runKey, arm: input.arm, batch: start.batch };
      expect(await activities.pollBatch(place)).toMatchObject({ ended: false, total: 3 });
      end(vendor, 'ended');
      expect(await activities.pollBatch(place)).toMatchObject({ ended: true });
      const { asked, again } = await collected(scene, start);
      expect(again).toBe(false);
      // Half of the price of 2 USD a million: 3 × 11 tokens at 1 USD.
      expect(asked).toMatchObject({ n: 3, correct: 2, errors: 0, requests: 3, incomplete: [], stopped: null });
      expect(asked.paidUsd).toBeCloseTo(33e-6, 12);
      const card = await score(syntheticDeps({ store }), { ...input, asked: { ...asked, rows: 3, shardRows: 2 } });
      expect(card).toMatchObject({ n: 3, errors: 0, exactMatch: 2 / 3 });
    });
  });

  it('is submitted once, however often an attempt is repeated', async () => {
    await withScene(async (scene) => {
      const first = await scene.activities.submitBatch(scene.input);
      expect(await scene.activities.submitBatch(scene.input)).toEqual(first);
      expect(scene.vendor.batches).toHaveLength(1);
    });
  });

  it('is not collected while it runs', async () => {
    await withScene(async ({ activities, input, store }) => {
      const start = await activities.submitBatch(input);
      const batch = start.kind === 'submitted' ? start.batch : null;
      await expect(activities.collectBatch({ ...input, batch, because: 'answered' })).rejects.toThrow('not ended');
      expect(await keptShard(store, shardKey(input.runKey, input.arm.id, 0))).toBeUndefined();
    });
  });

  it('is collected once, however often an attempt is repeated', async () => {
    await withScene(async (scene) => {
      const start = await submittedBatch(scene);
      const first = await collected(scene, start);
      // Whatever the vendor says later.
      scene.vendor.fateOf = () => 'green';
      expect(await collected(scene, start)).toEqual(first);
      const keys = await Array.fromAsync(scene.store.list('evals/cache/'));
      expect(keys).toHaveLength(1);
    });
  });

  it('is not submitted when all rows have answers, and another run pays for none of them', async () => {
    await withScene(async (scene) => {
      await collected(scene, await submittedBatch(scene));
      for (const runKey of ['run-1', 'run-2']) {
        const later = { ...scene, input: { ...scene.input, runKey } };
        const start = await scene.activities.submitBatch(later.input);
        expect(start).toEqual({ kind: 'none', because: 'answered', toShard: 2 });
        const { asked } = await collected(later, start);
        expect(asked).toMatchObject({ n: 3, correct: 2, errors: 0 });
        expect(asked.paidUsd).toBeCloseTo(runKey === 'run-1' ? 33e-6 : 0, 12);
      }
      expect(scene.vendor.batches).toHaveLength(1);
    });
  });

  it('leaves rows unanswered that failed, expired or are missing, and the next run asks these alone', async () => {
    await withScene(async (scene) => {
      scene.vendor.fateOf = (message) =>
        message.includes('sky') ? 400 : message.includes('sea') ? 'expired' : 'green';
      const first = await collected(scene, await submittedBatch(scene));
      expect(first.asked).toMatchObject({ n: 3, correct: 1, errors: 2, requests: 3, stopped: null });
      expect(first.asked.incomplete.map(({ shard }) => shard)).toEqual([0]);
      expect(await errorsOf(scene, first)).toEqual([
        expect.stringContaining('answered 400'),
        expect.stringContaining('expired'),
        undefined,
      ]);
      scene.vendor.fateOf = (message) => (message.includes('sky') ? 'missing' : 'blue');
      const second = await submittedBatch(scene);
      expect(second.batch).toMatchObject({ number: 1, questions: 2 });
      const rest = await collected(scene, second);
      expect(await errorsOf(scene, rest)).toEqual(['the batch holds no answer to it', undefined, undefined]);
      expect(rest.asked).toMatchObject({ n: 3, correct: 2, errors: 1 });
    });
  });

  it.each([
    ['budget_usd', { usd: 250e-6 }, 'submitted'],
    ['budget_usd', { usd: 150e-6 }, 'budget'],
    ['budget_requests', { requests: 3 }, 'submitted'],
    ['budget_requests', { requests: 2 }, 'budget'],
  ] as const)('keeps to %s by the worst case of all its questions: %o', async (_, given, outcome) => {
    await withScene(async (scene) => {
      const start = await scene.activities.submitBatch(scene.input);
      expect(start).toMatchObject(outcome === 'budget' ? { kind: 'none', because: 'budget' } : { kind: 'submitted' });
      expect(scene.vendor.batches).toHaveLength(outcome === 'budget' ? 0 : 1);
      const result = await collected(scene, start);
      expect(result.asked.stopped).toBe(outcome === 'budget' ? 'budget' : null);
      expect(result.asked.errors).toBe(outcome === 'budget' ? 3 : 0);
    }, given);
  });

  it.each([
    [401, 'check the key'],
    [400, 'answered 400'],
  ])('that is refused with %i is a permanent failure, and the next run submits another', async (status, words) => {
    await withScene(async (scene) => {
      scene.vendor.trouble = { status, body: { error: { type: 'odd_request', message: 'about the sky' } } };
      await expect(scene.activities.submitBatch(scene.input)).rejects.toMatchObject({
        type: failureTypes.providerRefused,
        nonRetryable: true,
        message: expect.stringContaining(words),
      });
      expect(await scene.activities.submitBatch(scene.input)).toMatchObject({
        kind: 'submitted',
        batch: { number: 1 },
      });
    });
  });

  it('that is throttled is submitted by the next attempt', async () => {
    await withScene(async (scene) => {
      scene.vendor.trouble = { status: 429, body: {} };
      await expect(scene.activities.submitBatch(scene.input)).rejects.toThrow('answered 429');
      expect(await scene.activities.submitBatch(scene.input)).toMatchObject({ kind: 'submitted' });
      expect(scene.vendor.batches).toHaveLength(1);
    });
  });

  it('that never reached the vendor is submitted once that is certain', async () => {
    await withScene(async (scene) => {
      scene.vendor.trouble = 'unreachable';
      await expect(scene.activities.submitBatch(scene.input)).rejects.toThrow(provider);
      // The request may still be on its way.
      await expect(scene.activities.submitBatch(scene.input)).rejects.toThrow('is waited for');
      scene.clock.now = new Date(vendorTime.getTime() + 13 * minutes);
      expect(await scene.activities.submitBatch(scene.input)).toMatchObject({
        kind: 'submitted',
        batch: { number: 1 },
      });
      expect(scene.vendor.batches).toHaveLength(1);
    });
  });

  it('that is stopped when its run is cancelled keeps its answers, and the next run asks for the rest', async () => {
    await withScene(async (scene) => {
      const { activities, input, vendor } = scene;
      await submittedBatch(scene);
      await activities.cancelBatch(input);
      await activities.cancelBatch(input);
      expect(vendor.batches).toMatchObject([{ cancelled: true }]);
      vendor.fateOf = (message) => (message.includes('sky') ? 'blue' : 'expired');
      const again = await submittedBatch(scene);
      expect(again.batch.number).toBe(0);
      expect(await collected(scene, again)).toMatchObject({ again: true, asked: { errors: 2 } });
      vendor.fateOf = () => 'blue';
      const rest = await submittedBatch(scene);
      expect(rest.batch).toMatchObject({ number: 1, questions: 2 });
      expect(await collected(scene, rest)).toMatchObject({ again: false, asked: { n: 3, errors: 0 } });
    });
  });

  it('is not stopped when there is none', async () => {
    await withScene(async (scene) => {
      await scene.activities.cancelBatch(scene.input);
      expect(scene.vendor.requests).toEqual([]);
    });
  });

  it('in which no question can be answered is a permanent failure', async () => {
    await withScene(async (scene) => {
      scene.vendor.fateOf = () => 404;
      const start = await submittedBatch(scene);
      await expect(collected(scene, start)).rejects.toMatchObject({
        type: failureTypes.providerRefused,
        message: expect.stringContaining('model id'),
      });
    });
  });
});

describe('a batch whose id was lost', () => {
  it('is found again at OpenAI, by its mark', async () => {
    await using vendor = await syntheticVendor('openai');
    const store = memoryStore();
    const scene = sceneOf(vendor, store, await syntheticBatchInput(store, 'openai'));
    vendor.trouble = 'lost';
    await expect(scene.activities.submitBatch(scene.input)).rejects.toThrow('openai');
    expect(await scene.activities.submitBatch(scene.input)).toMatchObject({ batch: { number: 0, batchId: 'batch-0' } });
    expect(vendor.batches).toHaveLength(1);
  });

  it('is stopped at OpenAI all the same when the run is cancelled', async () => {
    await using vendor = await syntheticVendor('openai');
    const store = memoryStore();
    const scene = sceneOf(vendor, store, await syntheticBatchInput(store, 'openai'));
    vendor.trouble = 'lost';
    await expect(scene.activities.submitBatch(scene.input)).rejects.toThrow('openai');
    await scene.activities.cancelBatch(scene.input);
    expect(vendor.batches).toMatchObject([{ cancelled: true }]);
  });

  it('is not paid for twice at Anthropic: its rows are unanswered, and say where to look', async () => {
    await using vendor = await syntheticVendor('anthropic');
    const store = memoryStore();
    const scene = sceneOf(vendor, store, await syntheticBatchInput(store, 'anthropic'));
    vendor.trouble = 'lost';
    await expect(scene.activities.submitBatch(scene.input)).rejects.toThrow('anthropic');
    scene.clock.now = new Date(vendorTime.getTime() + 60 * minutes);
    for (const attempt of [1, 2]) {
      const start = await scene.activities.submitBatch(scene.input);
      expect(start, `attempt ${attempt}`).toEqual({ kind: 'none', because: 'lost', toShard: 2 });
      const result = await collected(scene, start);
      expect(result.asked).toMatchObject({ n: 3, errors: 3, requests: 0, paidUsd: 0 });
      expect(new Set(await errorsOf(scene, result))).toEqual(
        new Set([expect.stringMatching(/its id was lost \(runs\/run-1\/evaluate\/.*intent.*providers\.md/u)]),
      );
    }
    expect(vendor.batches).toHaveLength(1);

    // As docs/providers.md says.
    const key = recordKey(scene.input, 0, 'id');
    expect(key).toBe(`runs/run-1/evaluate/${scene.input.arm.id}/batch-0000-id.json`);
    await store.putIfAbsent(key, JSON.stringify({ batchId: 'batch-0' }));
    expect((await collected(scene, await submittedBatch(scene))).asked).toMatchObject({ n: 3, errors: 0 });
    expect(vendor.batches).toHaveLength(1);
  });
});

it('a batch that failed as a whole says so in the vendor’s codes, and the next run submits another', async () => {
  await using vendor = await syntheticVendor('openai');
  const store = memoryStore();
  const scene = sceneOf(vendor, store, await syntheticBatchInput(store, 'openai'));
  const { batch } = await submittedBatch(scene);
  end(vendor, 'failed');
  await expect(scene.activities.pollBatch({ ...scene.input, batch })).rejects.toMatchObject({
    type: failureTypes.providerRefused,
    nonRetryable: true,
    message: 'openai refused batch batch-0: token_limit_exceeded, invalid_model',
  });
  expect(await scene.activities.submitBatch(scene.input)).toMatchObject({ kind: 'submitted', batch: { number: 1 } });
});
