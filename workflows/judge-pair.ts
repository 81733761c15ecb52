// A panel judges the candidate and one other arm: shard after shard, then the summary.
import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { ControlActivities } from '../activities/control.ts';
import type { JudgedPair, JudgePairPlan, JudgeShardResult, SpentByJudge } from '../domain/judge-stage.ts';
import { controlPolicy, judgePolicy } from './policies.ts';

const control = proxyActivities<ControlActivities>(controlPolicy);

/** Shards follow one another, so that no judge ever spends more than its budget. */
export async function judgePair(plan: JudgePairPlan): Promise<JudgedPair> {
  const { spent: before, otherId, rows, shardRows, timeouts, cacheEpoch, humanLabels, ...pair } = plan;
  const panel = proxyActivities<ControlActivities>(judgePolicy(timeouts));
  const shards: JudgeShardResult[] = [];
  let spent = before;
  for (let from = 0; from < rows; from += shardRows) {
    const to = Math.min(from + shardRows, rows);
    const stopped = shards.at(-1)?.stopped ?? null;
    const shard = await panel.judge.executeWithOptions({ summary: `judge rows ${from + 1}–${to} with ${otherId}` }, [
      { ...pair, cacheEpoch, spent, shard: shards.length, from, to, ...(stopped === null ? {} : { stopped }) },
    ]);
    shards.push(shard);
    spent = together(spent, shard.spent);
    setCurrentDetails(`${to} of ${rows} rows judged`);
  }
  return await control.summariseJudges.executeWithOptions({ summary: `sum up the judges on ${otherId}` }, [
    { ...pair, shards, ...(humanLabels === undefined ? {} : { humanLabels }) },
  ]);
}

/** Sums by judge. */
export function together(one: SpentByJudge, another: SpentByJudge): SpentByJudge {
  const ids = new Set([...Object.keys(one), ...Object.keys(another)]);
  return Object.fromEntries(
    [...ids].map((id) => [
      id,
      {
        usd: (one[id]?.usd ?? 0) + (another[id]?.usd ?? 0),
        requests: (one[id]?.requests ?? 0) + (another[id]?.requests ?? 0),
      },
    ]),
  );
}
