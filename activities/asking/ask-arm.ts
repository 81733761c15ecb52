// One arm answers all rows of a suite within this process: the shards of a run, without a workflow around them.
import { slideWindow, shardsInFlight } from '../../domain/shard-window.ts';
import type { AskBase, AskedArm, SuiteContext } from '../../domain/stage-inputs.ts';
import type { ActivityDeps } from '../deps.ts';
import { askShard, type ShardWatch } from './ask-shard.ts';

export interface ArmPlan {
  readonly rows: number;
  readonly shardRows: number;
}

/**
 * Asks every row that has no stored answer. Called off, or killed, it goes on where it stopped when called again with
 * the same run key: shards that are complete are read from the store, answers of others from their journal.
 */
export async function askArm(
  deps: ActivityDeps,
  base: SuiteContext & AskBase,
  { rows, shardRows }: ArmPlan,
  watch: ShardWatch,
): Promise<AskedArm> {
  const { maxConcurrency, endpoint } = base.arm;
  const asked = await slideWindow(
    {
      rows,
      shardRows,
      fromShard: 0,
      toShard: Math.ceil(rows / shardRows),
      inFlight: shardsInFlight(maxConcurrency, shardRows),
      usd: endpoint?.budget_usd ?? null,
      requests: endpoint?.budget_requests ?? null,
    },
    async (task) => await askShard(deps, { ...base, ...task, paidUsd: 0 }, watch),
  );
  return { ...asked, rows, shardRows };
}
