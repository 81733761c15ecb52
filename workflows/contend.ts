// One run of a recipe: curate → train → serve and evaluate → gate → promote → report.
import {
  executeChild,
  ParentClosePolicy,
  proxyActivities,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { ControlActivities } from '../activities/control.ts';
import { contestWorkflowId, searchAttributes, trainWorkflowId } from '../domain/names.ts';
import type { RunInput, RunOutcome } from '../domain/run.ts';
import { contest } from './contest.ts';
import { controlPolicy } from './policies.ts';
import { createStageBoard } from './stage-board.ts';
import { trainCandidate } from './train-candidate.ts';

const control = proxyActivities<ControlActivities>(controlPolicy);

/** Runs the whole contest of one recipe. Every stage looks for its stored result first, so a repeat is cheap. */
export async function contend(run: RunInput): Promise<RunOutcome> {
  const { workflowId } = workflowInfo();
  const board = createStageBoard(`${run.recipeName} · run ${run.runKey}`);
  const child = { parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL } as const;

  const dataset = await board.stage(
    'curate',
    () => control.curate.executeWithOptions({ summary: `curate ${run.recipeName}` }, [run]),
    ({ rows, read }) => `${read} read; train ${rows.train}, validation ${rows.validation}, test ${rows.test}`,
  );
  const context = { runKey: run.runKey, recipe: run.recipe, manifest: dataset.manifest };

  const candidate = await board.stage(
    'train',
    () =>
      executeChild(trainCandidate, {
        ...child,
        workflowId: trainWorkflowId(workflowId),
        staticSummary: `train ${run.recipeName} on ${run.base.name}`,
        args: [
          {
            train: {
              ...context,
              recipeName: run.recipeName,
              base: run.base,
              limitMs: run.timeouts.trainMs,
              reportTo: workflowId,
            },
            queue: run.gpuQueue,
            timeouts: run.timeouts,
          },
        ],
      }),
    ({ trainer }) =>
      `${trainer.steps} steps, loss ${trainer.train_loss.toFixed(3)}, ${trainer.tokens_per_second.toFixed(0)} tokens/s`,
  );

  const { scorecards, parityPrompts } = await board.stage(
    'evaluate',
    () =>
      executeChild(contest, {
        ...child,
        workflowId: contestWorkflowId(workflowId),
        staticSummary: `evaluate ${run.arms.length} arms on ${dataset.rows.test} rows`,
        args: [
          {
            ...context,
            recipeName: run.recipeName,
            base: run.base,
            adapter: candidate.artifact,
            arms: run.arms,
            testRows: dataset.rows.test,
            shardRows: run.shardRows,
            gpuQueue: run.gpuQueue,
            cacheEpoch: run.cacheEpoch,
            timeouts: run.timeouts,
            reportTo: workflowId,
          },
        ],
      }),
    (result) => result.scorecards.map((card) => `${card.armId} ${(100 * card.exactMatch).toFixed(1)} %`).join(', '),
  );

  const gate = await board.stage(
    'gate',
    () => control.gate.executeWithOptions({ summary: 'decide' }, [{ ...context, scorecards, parityPrompts }]),
    (result) => result.kind,
  );
  upsertSearchAttributes([
    { key: searchAttributes.verdict, value: gate.kind },
    { key: searchAttributes.score, value: gate.score },
    { key: searchAttributes.costUsd, value: scorecards.reduce((total, card) => total + card.paidUsd, 0) },
  ]);

  const promotion = await board.stage(
    'promote',
    () =>
      control.promote.executeWithOptions({ summary: `${gate.kind}: register and route` }, [
        {
          ...context,
          recipeName: run.recipeName,
          base: run.base,
          candidate,
          scorecards,
          gate,
          actor: run.actor,
          takeRoute: run.routed && gate.kind === 'promote',
        },
      ]),
    (result) =>
      result.outcome === 'registered'
        ? `${result.modelVersion} registered, no route moved`
        : `${result.route} ${result.outcome}: ${result.modelVersion}`,
  );
  upsertSearchAttributes([{ key: searchAttributes.model, value: promotion.modelVersion }]);

  const report = await board.stage(
    'report',
    () =>
      control.report.executeWithOptions({ summary: 'write the report' }, [
        { run, dataset, candidate, scorecards, gate, promotion },
      ]),
    ({ key }) => key,
  );
  return { runKey: run.runKey, dataset, candidate, scorecards, gate, promotion, report };
}
