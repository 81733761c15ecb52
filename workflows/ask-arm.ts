// One arm answers the rows of a suite: a window slides over shards, and each execution keeps its history small.
import { continueAsNew, proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { HostActivities } from '../activities/host.ts';
import type { BlobRef } from '../domain/refs.ts';
import { shardsInFlight, slideWindow, sumOf, type AskedShards } from '../domain/shard-window.ts';
import type { RunTimeouts } from '../domain/run.ts';
import type { AskBase, SuiteContext } from '../domain/stage-inputs.ts';
import { askPolicy } from './policies.ts';

export type AskArmInput = SuiteContext &
  AskBase & {
    readonly rows: number;
    readonly shardRows: number;
    /** First shard to ask (inclusive) and last (exclusive). */
    readonly fromShard: number;
    readonly toShard: number;
    /** What may be spent; null for no limit. */
    readonly usd: number | null;
    readonly requests: number | null;
    /** Queue of the machine that can reach the model; null when any can. */
    readonly queue: string | null;
    readonly timeouts: RunTimeouts;
    /** Sums over the shards that earlier executions asked. */
    readonly before?: AskedShards<BlobRef>;
  };

/** Shards of one execution: three events each, and what cancellation and retries add. */
const shardsPerExecution = 40;

export async function askArm(input: AskArmInput): Promise<AskedShards<BlobRef>> {
  const { arm, rows, shardRows, fromShard, toShard, usd, requests, queue, timeouts, before, ...context } = input;
  const endpoint = proxyActivities<HostActivities>(askPolicy(queue ?? undefined, timeouts));
  const until = Math.min(toShard, fromShard + shardsPerExecution);
  const asked = await slideWindow<BlobRef>(
    {
      rows,
      shardRows,
      fromShard,
      toShard: until,
      inFlight: shardsInFlight(arm.maxConcurrency, shardRows),
      usd,
      requests,
    },
    async ({ shard, from, to, allowance }) =>
      await endpoint.ask.executeWithOptions({ summary: `ask ${arm.id}, rows ${from + 1}–${to}` }, [
        { ...context, arm, shard, from, to, allowance, paidUsd: 0 },
      ]),
  );
  const sums = before === undefined ? asked : sumOf(before, asked);
  setCurrentDetails(`${sums.n} of ${rows} rows answered, ${sums.errors} of them without success`);
  if (until >= toShard || asked.stopped !== null) {
    return sums;
  }
  return await continueAsNew<typeof askArm>({
    ...input,
    fromShard: until,
    usd: usd === null ? null : Math.max(0, usd - asked.paidUsd),
    requests: requests === null ? null : Math.max(0, requests - asked.requests),
    before: sums,
  });
}
