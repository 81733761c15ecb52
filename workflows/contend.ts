// One run of a recipe: curate → train → serve and evaluate → gate → promote → report.
import {
  executeChild,
  ParentClosePolicy,
  proxyActivities,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { ControlActivities } from '../activities/control.ts';
import { contestWorkflowId, searchAttributes, sweepWorkflowId, trainWorkflowId } from '../domain/names.ts';
import type { Approval, RunInput, RunOutcome } from '../domain/run.ts';
import type { Arm } from '../domain/scorecard.ts';
import type { ContestInput, FetchedBase, StageContext } from '../domain/stage-inputs.ts';
import type { TrainResult } from '../domain/training.ts';
import type { GateResult } from '../domain/verdict.ts';
import { approvalDesk, type ApprovalDesk } from './approval.ts';
import { contest } from './contest.ts';
import { judgeArms } from './judge-arms.ts';
import { controlPolicy } from './policies.ts';
import { prepareBase } from './prepare-base.ts';
import { createStageBoard } from './stage-board.ts';
import { candidateKey, sweepCandidates, type Chosen } from './sweep.ts';
import { trainCandidate } from './train-candidate.ts';

const control = proxyActivities<ControlActivities>(controlPolicy);
const child = { parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL } as const;

/** What training left for the later stages. `chosen` is null when the recipe has one candidate. */
interface TrainingOutcome {
  readonly candidate: TrainResult;
  readonly place: FetchedBase;
  readonly chosen: Chosen | null;
}

/** Runs the whole contest of one recipe. Every stage looks for its stored result first, so a repeat is cheap. */
export async function contend(run: RunInput): Promise<RunOutcome> {
  const { workflowId } = workflowInfo();
  const board = createStageBoard(`${run.recipeName} · run ${run.runKey}`);
  const desk = approvalDesk();

  const dataset = await board.stage(
    'curate',
    () => control.curate.executeWithOptions({ summary: `curate ${run.recipeName}` }, [run]),
    ({ rows, read }) => `${read} read; train ${rows.train}, validation ${rows.validation}, test ${rows.test}`,
  );
  const context = { runKey: run.runKey, recipe: run.recipe, manifest: dataset.manifest };

  const { chosen, candidate, place } = await board.stage('train', () => trainAll(run, context), trainingNote);
  // From here on the run is about one candidate, with single values where the recipe lists some.
  const winner: StageContext =
    chosen === null
      ? context
      : { ...context, runKey: candidateKey(run.runKey, chosen.candidate.id), recipe: chosen.candidate.recipe };
  const selected = chosen === null ? {} : { selection: chosen.selection };

  const { scorecards, parityPrompts, sides, judged } = await board.stage(
    'evaluate',
    async () => {
      const contenders = await withChampion(run, winner, candidate, place.base);
      const answers = await executeChild(contest, {
        ...child,
        workflowId: contestWorkflowId(workflowId),
        staticSummary: `evaluate ${contenders.arms.length} arms on ${dataset.rows.test} rows`,
        args: [
          {
            ...winner,
            ...contenders,
            recipeName: run.recipeName,
            base: place.base,
            adapter: candidate.artifact,
            testRows: dataset.rows.test,
            shardRows: run.shardRows,
            gpuQueue: place.hostQueue,
            cacheEpoch: run.cacheEpoch,
            timeouts: run.timeouts,
            reportTo: workflowId,
            ...(run.sides === undefined ? {} : { sides: run.sides }),
            ...(run.lookRows === undefined ? {} : { lookRows: run.lookRows }),
          },
        ],
      });
      const pairs = await judgeArms(run, winner, answers.scorecards, (note) => board.mark('evaluate', 'running', note));
      return { ...answers, ...(pairs.length === 0 ? {} : { judged: pairs }) };
    },
    (result) => result.scorecards.map((card) => `${card.armId} ${(100 * card.exactMatch).toFixed(1)} %`).join(', '),
  );

  const gate = await board.stage(
    'gate',
    () =>
      control.gate.executeWithOptions({ summary: 'decide' }, [
        {
          ...winner,
          scorecards,
          parityPrompts,
          ...(sides === undefined ? {} : { sides }),
          ...(judged === undefined ? {} : { judged }),
        },
      ]),
    (result) => result.kind,
  );
  upsertSearchAttributes([
    { key: searchAttributes.verdict, value: gate.kind },
    { key: searchAttributes.score, value: gate.score },
    { key: searchAttributes.costUsd, value: scorecards.reduce((total, card) => total + card.paidUsd, 0) },
  ]);

  let approval: Approval | undefined;
  const promotion = await board.stage(
    'promote',
    async () => {
      approval = await approvalOf(run, gate, desk, (note) => board.mark('promote', 'running', note));
      return await control.promote.executeWithOptions({ summary: `${gate.kind}: register and route` }, [
        {
          ...winner,
          recipeName: run.recipeName,
          base: place.base,
          candidate,
          scorecards,
          gate,
          actor: approval?.actor ?? run.actor,
          takeRoute:
            run.routed && gate.kind === 'promote' && (approval === undefined || approval.outcome === 'approved'),
          ...(approval?.outcome === 'expired' ? { undecided: true } : {}),
        },
      ]);
    },
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
        {
          run: { ...run, recipe: winner.recipe, base: place.base },
          dataset,
          candidate,
          scorecards,
          gate,
          promotion,
          ...selected,
        },
      ]),
    ({ key }) => key,
  );
  const approved = approval === undefined ? {} : { approval };
  return { runKey: run.runKey, dataset, candidate, ...selected, scorecards, gate, ...approved, promotion, report };
}

/** The arms of the contest, and the champion of the route where there is one. */
async function withChampion(
  run: RunInput,
  { recipe }: StageContext,
  candidate: TrainResult,
  base: RunInput['base'],
): Promise<Pick<ContestInput, 'arms' | 'champion'>> {
  if (run.championOf === undefined) {
    return { arms: run.arms };
  }
  const champion = await control.findChampion.executeWithOptions({ summary: `champion of ${run.championOf}` }, [
    { route: run.championOf, adapter: candidate.artifact, base, recipe },
  ]);
  const [first] = run.arms;
  if (champion === null || first === undefined) {
    return { arms: run.arms };
  }
  // Asked as the candidate is, by the same prompt on the same rows.
  const arm: Arm = { ...first, id: 'champion', kind: 'champion', label: champion.modelVersion, model: 'champion' };
  return { arms: [first, arm, ...run.arms.slice(1)], champion };
}

/** What a person says of a promotion, when the recipe wants one asked and nobody was asked before. */
async function approvalOf(
  run: RunInput,
  gate: GateResult,
  desk: ApprovalDesk,
  show: (note: string) => void,
): Promise<Approval | undefined> {
  if (run.approval === undefined || gate.kind !== 'promote') {
    return undefined;
  }
  const stored = await control.findPromotion.executeWithOptions({ summary: 'look for an earlier decision' }, [
    run.runKey,
  ]);
  if (stored !== null) {
    return undefined;
  }
  show(`waits for approval: contender approve ${workflowInfo().workflowId}`);
  return await desk.decision(run.approval.waitMs);
}

function trainingNote({ candidate: { trainer }, chosen }: TrainingOutcome): string {
  const facts = `${trainer.steps} steps, loss ${trainer.train_loss.toFixed(3)}, ${trainer.tokens_per_second.toFixed(0)} tokens/s`;
  if (chosen === null) {
    return facts;
  }
  const { candidate, selection } = chosen;
  return `${candidate.id} (${candidate.label}) of ${selection.entries.length}: ${facts}`;
}

/** Trains the run's one candidate, or all of a sweep, of which one is chosen. */
async function trainAll(run: RunInput, context: StageContext): Promise<TrainingOutcome> {
  const { workflowId } = workflowInfo();
  if (run.sweep !== undefined) {
    const chosen = await executeChild(sweepCandidates, {
      ...child,
      workflowId: sweepWorkflowId(workflowId),
      staticSummary: `${run.sweep.candidates.length} candidates of ${run.recipeName}`,
      args: [{ run, plan: run.sweep, context, reportTo: workflowId }],
    });
    return { candidate: chosen.result, place: chosen.place, chosen };
  }
  const place = await prepareBase(run, run.gpuQueue, run.timeouts);
  const candidate = await executeChild(trainCandidate, {
    ...child,
    workflowId: trainWorkflowId(workflowId),
    staticSummary: `train ${run.recipeName} on ${run.base.name}`,
    args: [
      {
        train: {
          ...context,
          recipeName: run.recipeName,
          base: place.base,
          limitMs: run.timeouts.trainMs,
          reportTo: workflowId,
        },
        queue: place.hostQueue,
        fallback: run.hub === undefined ? null : { queue: run.gpuQueue, hub: run.hub },
        timeouts: run.timeouts,
        priority: run.priority,
      },
    ],
  });
  return { candidate, place, chosen: null };
}
