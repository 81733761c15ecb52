// Supervises one training job: look for its result, adopt or start the trainer, follow it, commit the artefact.
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import type { TrainInput } from '../domain/stage-inputs.ts';
import { trainResultSchema, type TrainResult } from '../domain/training.ts';
import { commitOnce, getJson } from '../registry/json.ts';
import { collectArtifact } from './collect-artifact.ts';
import type { ActivityDeps } from './deps.ts';
import { dressArtifact } from './dress-artifact.ts';
import { gpuLease } from './gpu-lease.ts';
import { supervise } from './launch/supervise.ts';
import { storeTokens } from './store-tokens.ts';
import { tokensOfTraining } from './tokens-of-training.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { prepareTraining, writtenConfig } from './prepare-training.ts';
import { countStart, trainerOutcome } from './trainer-outcome.ts';
import { trainingResultKey, walledResultKey } from './training-key.ts';
import { outFolder } from './training-layout.ts';
import { addOwner } from './training-owners.ts';
import { planTraining, type TrainingPlan } from './training-plan.ts';
import { followProgress } from './training-progress.ts';
import { progressReporter } from './training-reports.ts';
import { withHeartbeats } from './with-heartbeats.ts';

/** SIGTERM lets the trainer write a checkpoint at the end of its step. */
const stopGraceMs = 20_000;
/** The trainer keeps its wall itself; past it by so much, it hangs. */
const backstopMs = 15 * 60_000;

export async function train(deps: ActivityDeps, input: TrainInput): Promise<TrainResult> {
  const plan = await withHeartbeats(async () => planTraining(deps, input));
  const result = (await storedTraining(deps, plan)) ?? (await trainNow(deps, input, plan));
  await withHeartbeats(async () => {
    const tokens = await tokensOfTraining(deps.store, result, { ...plan, base: input.base });
    if (tokens !== undefined) {
      await storeTokens(deps.store, plan.manifest, tokens);
    }
  });
  return await dressArtifact(deps, input, plan, result);
}

/** The result of the same training by whichever run, also one that the same wall cut short. */
async function storedTraining({ store }: ActivityDeps, { key, maxSeconds }: TrainingPlan) {
  return (
    (await getJson(store, trainingResultKey(key), trainResultSchema)) ??
    (await getJson(store, walledResultKey(key, maxSeconds), trainResultSchema))
  );
}

async function trainNow(deps: ActivityDeps, input: TrainInput, plan: TrainingPlan): Promise<TrainResult> {
  const { folder, key, maxSeconds } = plan;
  const workflowId = Context.current().info.workflowExecution?.workflowId ?? '';
  const { job, launcher, writeConfig } = await withHeartbeats(async () =>
    prepareTraining(deps, input, plan, workflowId),
  );
  const lease = gpuLease(deps.gpus, launcher, job, plan.recipe.train.num_gpus);
  const report = progressReporter(input.reportTo);
  const progress = followProgress(join(outFolder(folder), 'progress.jsonl'));
  try {
    await supervise({
      launcher: {
        ...launcher,
        // Two runs of this training may both have found nothing running.
        start: async () =>
          oneAtATime(folder, async () => {
            if ((await launcher.look(job)).kind !== 'running') {
              await countStart(folder);
              await launcher.start(lease.equipped());
            }
          }),
      },
      job,
      stopGraceMs,
      limitMs: maxSeconds * 1000 + backstopMs,
      outcome: async (end) => {
        const next = await trainerOutcome({ store: deps.store, runKey: input.runKey, plan, writeConfig }, end);
        if (next === 'start') {
          await lease.wait();
        }
        return next;
      },
      beat: async () => {
        await addOwner(folder, workflowId);
        const latest = await progress.latest();
        if (latest !== undefined) {
          await report(latest);
        }
        return latest;
      },
    });
    const result = await withHeartbeats(async () => collectArtifact(deps, input, plan));
    // The wall of the trainer that ended, which another run may have started.
    const wall = (await writtenConfig(folder))?.max_seconds ?? maxSeconds;
    const place = result.trainer.stopped === 'time_limit' ? walledResultKey(key, wall) : trainingResultKey(key);
    return await commitOnce(deps.store, place, result, trainResultSchema);
  } finally {
    await lease.release();
  }
}
