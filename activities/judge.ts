// The activities in which a panel judges: one for each shard of a pair, one for the summary.
import { Context } from '@temporalio/activity';
import type { JudgedPair, JudgeShardInput, JudgeShardResult, JudgeSummaryInput } from '../domain/judge-stage.ts';
import type { ActivityDeps } from './deps.ts';
import { judgeShard } from './judging/judge-shard.ts';
import { summarisePair } from './judging/summarise-pair.ts';
import { withHeartbeats } from './with-heartbeats.ts';

export async function judge(deps: ActivityDeps, input: JudgeShardInput): Promise<JudgeShardResult> {
  const { cancellationSignal: signal } = Context.current();
  return await withHeartbeats(() => judgeShard(deps, input, { signal }));
}

export async function summariseJudges(deps: ActivityDeps, input: JudgeSummaryInput): Promise<JudgedPair> {
  return await withHeartbeats(() => summarisePair(deps, input));
}
