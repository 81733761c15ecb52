// Supervises one training job: look for its result, adopt or start the trainer, follow it, commit the artefact.
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { stageKey } from '../domain/refs.ts';
import type { TrainInput } from '../domain/stage-inputs.ts';
import { trainResultSchema, type TrainingProgress, type TrainResult } from '../domain/training.ts';
import { commitOnce, getJson } from '../registry/json.ts';
import { collectArtifact } from './collect-artifact.ts';
import type { ActivityDeps } from './deps.ts';
import { supervise } from './launch/supervise.ts';
import { followProgress } from './training-progress.ts';
import { prepareTrainingJob } from './prepare-training.ts';
import { trainerOutcome } from './trainer-outcome.ts';

/** How often at most the run's workflow hears of the training: its history must stay small. */
const reportsToWorkflow = 8;
/** SIGTERM lets the trainer write a checkpoint at the end of its step. */
const stopGraceMs = 20_000;

export async function train(deps: ActivityDeps, input: TrainInput): Promise<TrainResult> {
  const key = stageKey(input.runKey, 'train');
  const stored = await getJson(deps.store, key, trainResultSchema);
  if (stored !== undefined) {
    return stored;
  }
  const folder = join(deps.workFolder, input.runKey, 'train');
  const job = await prepareTrainingJob(deps, input, folder);

  const tell = workflowReporter(input.reportTo);
  const progress = followProgress(join(folder, 'progress.jsonl'));
  await supervise({
    job,
    stopGraceMs,
    limitMs: input.limitMs,
    outcome: () => trainerOutcome(deps, input.runKey, folder),
    beat: async () => {
      const latest = await progress.latest();
      if (latest !== undefined) {
        await tell(latest);
      }
      return latest;
    },
  });

  const result = await collectArtifact(deps, input, folder);
  return await commitOnce(deps.store, key, result, trainResultSchema);
}

/** Signals the run's workflow at every eighth of the training; a lost signal loses nothing. */
function workflowReporter(workflowId: string): (progress: TrainingProgress) => Promise<void> {
  let told = 0;
  return async (progress) => {
    const due = Math.floor((progress.step / progress.total_steps) * reportsToWorkflow);
    if (due <= told) {
      return;
    }
    told = due;
    await Context.current()
      .client.workflow.getHandle(workflowId)
      .signal('stageProgress', { stage: 'train', progress })
      .catch((error: unknown) =>
        Context.current().log.warn('progress not shown', { workflowId, error: String(error) }),
      );
  };
}
