// Several candidates of one run: trained a few at a time, chosen by the validation rows.
import {
  ApplicationFailure,
  executeChild,
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import type { ControlActivities } from '../activities/control.ts';
import { failureTypes } from '../domain/failures.ts';
import { contestWorkflowId, trainWorkflowId } from '../domain/names.ts';
import type { RunInput } from '../domain/run.ts';
import type { ScorecardRef } from '../domain/scorecard.ts';
import type { FetchedBase, StageContext } from '../domain/stage-inputs.ts';
import type { SelectInput, SelectResult, SweepCandidate, SweepPlan } from '../domain/sweep.ts';
import type { TrainResult } from '../domain/training.ts';
import { contest } from './contest.ts';
import { stageProgressSignal } from './messages.ts';
import { controlPolicy } from './policies.ts';
import { prepareBase } from './prepare-base.ts';
import { trainCandidate } from './train-candidate.ts';

const control = proxyActivities<ControlActivities>(controlPolicy);
const child = { parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL } as const;

/** How often at most the run's workflow hears of the sweep: its history must stay small. */
const reportsToRun = 8;

export interface SweepInput {
  readonly run: RunInput;
  readonly plan: SweepPlan;
  readonly context: StageContext;
  /** Workflow that shows the progress. */
  readonly reportTo: string;
}

interface Trained {
  readonly result: TrainResult;
  readonly place: FetchedBase;
}

interface Outcome {
  readonly candidate: SweepCandidate;
  readonly trained?: Trained;
  readonly leftOut?: string;
  readonly failure?: string;
}

/** The chosen candidate, and everything that later stages need of it. */
export interface Chosen extends Trained {
  readonly candidate: SweepCandidate;
  readonly selection: SelectResult;
}

/** A sweep's later stages keep their results under the chosen candidate: another choice must not meet them. */
export function candidateKey(runKey: string, id: string): string {
  return `${runKey}/${id}`;
}

/**
 * Trains the candidates, `parallelism` at a time, lets each answer the validation rows, and chooses. A candidate that
 * fails is left behind; one that would start after the budget of the sweep is spent is left out. Both are said in the
 * selection. Fails when no candidate is left. Once a choice is final, the other candidates are not looked at again.
 */
export async function sweepCandidates(input: SweepInput): Promise<Chosen> {
  const { plan, context } = input;
  const show = progressTo(input.reportTo, 2 * plan.candidates.length);
  const standing = await control.findChoice.executeWithOptions({ summary: 'look for a choice that stands' }, [
    context.runKey,
  ]);
  if (standing !== null) {
    const only = plan.candidates.filter(({ id }) => id === standing.chosen);
    const [outcome] = await trainAll({ ...input, plan: { ...plan, candidates: only, maxSeconds: null } }, show);
    return chosenOf(outcome, standing);
  }
  const outcomes = await trainAll(input, show);
  const cards = new Map<string, ScorecardRef>();
  for (const { candidate, trained } of outcomes) {
    if (trained !== undefined) {
      cards.set(candidate.id, await validate(input, candidate, trained));
      await show(`${cards.size} candidates answered the validation rows`);
    }
  }
  const selection = await control.selectCandidate.executeWithOptions({ summary: 'choose by the validation rows' }, [
    { ...context, candidates: outcomes.map((outcome) => entryOf(outcome, cards.get(outcome.candidate.id))) },
  ]);
  return chosenOf(
    outcomes.find(({ candidate }) => candidate.id === selection.chosen),
    selection,
  );
}

function chosenOf(outcome: Outcome | undefined, selection: SelectResult): Chosen {
  if (outcome?.trained === undefined) {
    const why = outcome?.failure === undefined ? '' : `: ${outcome.failure}`;
    throw ApplicationFailure.nonRetryable(
      `candidate ${selection.chosen} was chosen and is not trained${why}`,
      failureTypes.trainerFailed,
    );
  }
  return { ...outcome.trained, candidate: outcome.candidate, selection };
}

/** Shows a note at every eighth of the events that are to come. */
function progressTo(workflowId: string, expected: number): (note: string) => Promise<void> {
  let seen = 0;
  let told = 0;
  return async (note) => {
    setCurrentDetails(note);
    seen += 1;
    const due = Math.floor((seen / expected) * reportsToRun);
    if (due > told) {
      told = due;
      await getExternalWorkflowHandle(workflowId).signal(stageProgressSignal, { stage: 'train', note });
    }
  };
}

async function trainAll(input: SweepInput, show: (note: string) => Promise<void>): Promise<Outcome[]> {
  const { candidates, parallelism, maxSeconds } = input.plan;
  const outcomes = new Map<string, Outcome>();
  const waiting = [...candidates];
  let spentSeconds = 0;

  async function lane(): Promise<void> {
    for (let candidate = waiting.shift(); candidate !== undefined; candidate = waiting.shift()) {
      const leftSeconds = maxSeconds === null ? Infinity : maxSeconds - spentSeconds;
      if (leftSeconds <= 0) {
        outcomes.set(candidate.id, { candidate, leftOut: 'the budget of the sweep was spent before it started' });
        continue;
      }
      const limitMs = Math.min(candidate.trainMs, leftSeconds * 1000);
      try {
        const trained = await trainOne(input, candidate, limitMs);
        spentSeconds += trained.result.trainer.seconds;
        outcomes.set(candidate.id, { candidate, trained });
      } catch (error) {
        if (isCancellation(error)) {
          throw error;
        }
        outcomes.set(candidate.id, { candidate, failure: rootMessage(error) });
      }
      await show(`${outcomes.size} of ${candidates.length} candidates done`);
    }
  }

  await Promise.all(Array.from({ length: Math.min(parallelism, candidates.length) }, lane));
  return candidates.flatMap(({ id }) => outcomes.get(id) ?? []);
}

async function trainOne({ run, context }: SweepInput, candidate: SweepCandidate, limitMs: number): Promise<Trained> {
  const owner = workflowInfo().workflowId;
  const place = await prepareBase(candidate, run.gpuQueue, run.timeouts);
  const result = await executeChild(trainCandidate, {
    ...child,
    workflowId: `${trainWorkflowId(owner)}-${candidate.id}`,
    staticSummary: `train ${run.recipeName} ${candidate.id}: ${candidate.label}`,
    args: [
      {
        train: {
          ...context,
          recipe: candidate.recipe,
          recipeName: run.recipeName,
          base: place.base,
          limitMs,
          reportTo: null,
        },
        queue: place.hostQueue,
        fallback: candidate.hub === undefined ? null : { queue: run.gpuQueue, hub: candidate.hub },
        timeouts: run.timeouts,
        priority: run.priority,
      },
    ],
  });
  return { result, place };
}

async function validate(
  { run, plan, context }: SweepInput,
  candidate: SweepCandidate,
  { result, place }: Trained,
): Promise<ScorecardRef> {
  const owner = workflowInfo().workflowId;
  const { scorecards } = await executeChild(contest, {
    ...child,
    workflowId: `${contestWorkflowId(owner)}-${candidate.id}`,
    staticSummary: `${candidate.id} on ${plan.validationRows} validation rows`,
    args: [
      {
        ...context,
        runKey: `${candidateKey(run.runKey, candidate.id)}/validation`,
        recipe: candidate.recipe,
        split: 'validation',
        recipeName: run.recipeName,
        base: place.base,
        adapter: result.artifact,
        arms: run.arms.filter(({ kind }) => kind === 'candidate'),
        testRows: plan.validationRows,
        shardRows: run.shardRows,
        gpuQueue: place.hostQueue,
        cacheEpoch: run.cacheEpoch,
        timeouts: run.timeouts,
        // The stage table shows the contest on the test rows; this one is part of training.
        reportTo: null,
      },
    ],
  });
  const [card] = scorecards;
  if (card === undefined) {
    throw new Error(`candidate ${candidate.id} has no scorecard`);
  }
  return card;
}

function entryOf(
  { candidate, trained, leftOut, failure }: Outcome,
  scorecard: ScorecardRef | undefined,
): SelectInput['candidates'][number] {
  const { id, label } = candidate;
  if (trained === undefined) {
    const state = leftOut === undefined ? 'failed' : 'left_out';
    return { id, label, state, note: leftOut ?? failure ?? '', trainer: null, scorecard: null };
  }
  const { seconds, train_loss, validation_loss } = trained.result.trainer;
  return {
    id,
    label,
    state: 'trained',
    note: '',
    trainer: { seconds, train_loss, validation_loss },
    scorecard: scorecard ?? null,
  };
}

/** The innermost message: what the trainer said, without the workflow and activity around it. */
function rootMessage(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) {
    inner = inner.cause;
  }
  return inner instanceof Error ? inner.message : String(inner);
}
