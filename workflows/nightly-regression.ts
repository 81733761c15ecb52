// A scheduled night: the route's champion and the baselines answer the pinned test rows again.
import {
  executeChild,
  ParentClosePolicy,
  proxyActivities,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { ControlActivities } from '../activities/control.ts';
import { contestWorkflowId, searchAttributes } from '../domain/names.ts';
import type { NightlyInput, NightlyResult } from '../domain/nightly.ts';
import { contest } from './contest.ts';
import { controlPolicy } from './policies.ts';
import { createStageBoard } from './stage-board.ts';

const control = proxyActivities<ControlActivities>(controlPolicy);

export async function nightlyRegression(input: NightlyInput): Promise<NightlyResult> {
  const { workflowId } = workflowInfo();
  const board = createStageBoard(`nightly · ${input.route}`);
  for (const stage of ['curate', 'train', 'promote', 'report'] as const) {
    board.mark(stage, 'skipped', 'the stored version is asked again');
  }
  // The schedule stamps the workflow id with its time, so every night has a key of its own.
  const nightKey = workflowId.toLowerCase().replaceAll(/[^a-z0-9-]/gu, '-');
  const plan = await control.planNightly.executeWithOptions({ summary: `champion of ${input.route}` }, [
    { ...input, nightKey },
  ]);
  upsertSearchAttributes([{ key: searchAttributes.model, value: plan.champion }]);

  const { scorecards } = await board.stage(
    'evaluate',
    () =>
      executeChild(contest, {
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        workflowId: contestWorkflowId(workflowId),
        staticSummary: `ask ${plan.champion} and its baselines again`,
        args: [
          {
            ...plan.contest,
            recipeName: input.recipeName,
            gpuQueue: input.gpuQueue,
            shardRows: input.shardRows,
            cacheEpoch: nightKey,
            timeouts: input.timeouts,
            reportTo: workflowId,
          },
        ],
      }),
    (result) => result.scorecards.map((card) => `${card.armId} ${(100 * card.exactMatch).toFixed(1)} %`).join(', '),
  );
  const result = await board.stage(
    'gate',
    () =>
      control.compareNightly.executeWithOptions({ summary: 'compare with the stored scorecards' }, [
        { nightKey, champion: plan.champion, recipe: plan.contest.recipe, scorecards },
      ]),
    ({ sentence }) => sentence,
  );
  upsertSearchAttributes([
    { key: searchAttributes.verdict, value: result.kind },
    { key: searchAttributes.costUsd, value: scorecards.reduce((total, card) => total + card.paidUsd, 0) },
  ]);
  return result;
}
