// One arm answers the rows of a suite through its provider's batch API: submitted, waited for, collected.
import {
  CancellationScope,
  continueAsNew,
  isCancellation,
  log,
  proxyActivities,
  setCurrentDetails,
  sleep,
} from '@temporalio/workflow';
import type { BatchActivities } from '../activities/batches.ts';
import type { BatchInput, BatchStart, CollectedBatch } from '../domain/batch-stage.ts';
import type { BlobRef } from '../domain/refs.ts';
import type { RunTimeouts } from '../domain/run.ts';
import { sumOf, type AskedShards } from '../domain/shard-window.ts';
import { batchPolicy, stopBatchPolicy, usualPolls } from './policies.ts';

export type AskBatchInput = BatchInput & {
  readonly timeouts: RunTimeouts;
  /** Sums over the shards that earlier executions asked. */
  readonly before?: AskedShards<BlobRef>;
  /** A batch that an earlier execution waited for, and the next wait in milliseconds. */
  readonly waiting?: { readonly begun: BatchStart; readonly waitMs: number };
};

/** Looks of one execution: some eleven events each. */
const looksPerExecution = 12;

export async function askBatch(input: AskBatchInput): Promise<AskedShards<BlobRef>> {
  const { timeouts, before, waiting, ...questions } = input;
  const { runKey, arm } = questions;
  const { firstMs, longestMs } = timeouts.batchPolls ?? usualPolls;
  const activities = proxyActivities<BatchActivities>(batchPolicy(timeouts));

  /** Waits until the batch has ended; the next wait in milliseconds when it still runs after so many looks. */
  async function waitFor(begun: BatchStart): Promise<number | null> {
    let waitMs = waiting?.waitMs ?? firstMs;
    for (let looks = 0; begun.kind === 'submitted'; looks += 1) {
      if (looks === looksPerExecution) {
        return waitMs;
      }
      await sleep(waitMs);
      const { batch } = begun;
      const look = await activities.pollBatch.executeWithOptions({ summary: `look at batch ${batch.batchId}` }, [
        { runKey, arm, batch },
      ]);
      setCurrentDetails(`batch ${batch.batchId}: ${look.answered} of ${batch.questions} questions answered`);
      if (look.ended) {
        return null;
      }
      waitMs = Math.min(2 * waitMs, longestMs);
    }
    return null;
  }

  async function collect(begun: BatchStart): Promise<CollectedBatch> {
    const asked =
      begun.kind === 'submitted'
        ? { batch: begun.batch, because: 'answered' as const, toShard: begun.toShard }
        : {
            batch: null,
            because: begun.because,
            toShard: begun.because === 'budget' ? questions.toShard : begun.toShard,
          };
    return await activities.collectBatch.executeWithOptions({ summary: `collect the answers of ${arm.id}` }, [
      { ...questions, ...asked },
    ]);
  }

  /** A vendor that cannot be told ends the batch by itself within a day; the run is cancelled all the same. */
  async function stop(): Promise<void> {
    const { cancelBatch } = proxyActivities<BatchActivities>(stopBatchPolicy(timeouts));
    try {
      await cancelBatch.executeWithOptions({ summary: `stop the batch of ${arm.id}` }, [{ runKey, arm }]);
    } catch {
      log.warn('the vendor could not be told to stop the batch', { runKey, arm: arm.id });
    }
  }

  try {
    const begun =
      waiting?.begun ??
      (await activities.submitBatch.executeWithOptions({ summary: `submit the questions to ${arm.id}` }, [questions]));
    const waitMs = await waitFor(begun);
    if (waitMs !== null) {
      return await continueAsNew<typeof askBatch>({ ...input, waiting: { begun, waitMs } });
    }
    const { asked, again } = await collect(begun);
    const sums = before === undefined ? asked : sumOf(before, asked);
    if (!again && (begun.toShard >= questions.toShard || asked.stopped !== null)) {
      return sums;
    }
    const { waiting: _, ...rest } = input;
    const { usd, requests } = questions;
    // What an earlier run stopped is asked once more from the same shard on; others go on behind it.
    return await continueAsNew<typeof askBatch>(
      again
        ? rest
        : {
            ...rest,
            fromShard: begun.toShard,
            usd: usd === null ? null : Math.max(0, usd - asked.paidUsd),
            requests: requests === null ? null : Math.max(0, requests - asked.requests),
            before: sums,
          },
    );
  } catch (error) {
    if (isCancellation(error)) {
      await CancellationScope.nonCancellable(stop);
    }
    throw error;
  }
}
