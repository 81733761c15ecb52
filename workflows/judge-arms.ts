// Judges compare the candidate with every arm that it must beat, once all of them have answered.
import { executeChild, ParentClosePolicy, workflowInfo } from '@temporalio/workflow';
import type { JudgedPair, SpentByJudge } from '../domain/judge-stage.ts';
import { judgeWorkflowId } from '../domain/names.ts';
import type { RunInput } from '../domain/run.ts';
import type { ScorecardRef } from '../domain/scorecard.ts';
import type { StageContext } from '../domain/stage-inputs.ts';
import { judgePair, together } from './judge-pair.ts';

/** Most shards of a pair: three events each must fit the history of one workflow. */
const mostShards = 50;

/** Nothing where the recipe has no judge. */
export async function judgeArms(
  run: RunInput,
  context: StageContext,
  scorecards: readonly ScorecardRef[],
  show: (note: string) => void,
): Promise<JudgedPair[]> {
  const candidate = scorecards.find(({ kind }) => kind === 'candidate');
  if (run.judged !== true || candidate === undefined) {
    return [];
  }
  const pairs: JudgedPair[] = [];
  let spent: SpentByJudge = {};
  // One pair after another: they share the budgets of the judges.
  for (const other of scorecards.filter(({ kind }) => kind === 'baseline' || kind === 'champion')) {
    show(`judges read ${other.armId}`);
    const pair = await executeChild(judgePair, {
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      workflowId: judgeWorkflowId(workflowInfo().workflowId, other.armId),
      staticSummary: `judge ${run.recipeName} and ${other.armId} on ${candidate.n} rows`,
      args: [
        {
          ...context,
          candidate: { scorecard: candidate.scorecard },
          other: { scorecard: other.scorecard },
          otherId: other.armId,
          cacheEpoch: run.cacheEpoch,
          spent,
          rows: candidate.n,
          shardRows: Math.max(run.shardRows, Math.ceil(candidate.n / mostShards)),
          timeouts: run.timeouts,
          ...(run.humanLabels === undefined ? {} : { humanLabels: run.humanLabels }),
        },
      ],
    });
    pairs.push(pair);
    spent = together(spent, pair.spent);
  }
  return pairs;
}
