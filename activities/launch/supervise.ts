// The loop that watches over a job from a Temporal activity: start or adopt, heartbeat, stop when cancelled.
import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledFailure, Context } from '@temporalio/activity';
import { failureTypes } from '../../domain/failures.ts';
import { permanent } from '../permanent.ts';
import { isRunning, launchProcess, runningMs, stopProcess, type Job } from './process.ts';

export interface Supervision {
  readonly job: Job;
  /** Time between SIGTERM and SIGKILL when the run is cancelled, in milliseconds. */
  readonly stopGraceMs: number;
  /** Longest time one process of the job may run, in milliseconds; past it the job is stopped and the run fails. */
  readonly limitMs?: number;
  /** What the ended job left: `done`, `start` when it should be started (again); throws when it failed for good. */
  readonly outcome: () => Promise<'done' | 'start'>;
  /** Called about once a second while the job runs; its value becomes the heartbeat's details. */
  readonly beat: () => Promise<unknown>;
}

const pollMs = 500;

/**
 * Returns once the job is done. A cancelled run stops the job's whole process group before this throws; a worker
 * that shuts down leaves the job running, for the next worker to adopt; a zombie attempt (timed out, or replaced)
 * keeps its hands off.
 */
export async function supervise({ job, stopGraceMs, limitMs, outcome, beat }: Supervision): Promise<void> {
  const context = Context.current();
  for (;;) {
    if (context.cancellationSignal.aborted) {
      await endCancelled(job, stopGraceMs);
    }
    if (!(await isRunning(job.folder))) {
      // Looked at after the process: a job that ended in between has left its result by now.
      if ((await outcome()) === 'done') {
        return;
      }
      context.heartbeat();
      await launchProcess(job);
    }
    context.heartbeat(await beat());
    if (limitMs !== undefined && ((await runningMs(job.folder)) ?? 0) > limitMs) {
      await stopWithHeartbeats(job, stopGraceMs);
      throw permanent(
        failureTypes.trainerFailed,
        `stopped after its limit of ${(limitMs / 3_600_000).toFixed(1)} hours`,
        {
          hint: 'raise train.max_hours and run the recipe again: it goes on from the newest checkpoint',
        },
      );
    }
    await sleep(pollMs, undefined, { signal: context.cancellationSignal }).catch(() => undefined);
  }
}

async function endCancelled(job: Job, stopGraceMs: number): Promise<never> {
  const details = Context.current().cancellationDetails;
  if (details?.cancelRequested === true) {
    await stopWithHeartbeats(job, stopGraceMs);
  }
  throw new CancelledFailure(details?.cancelRequested === true ? 'cancelled, job stopped' : 'let go of the job');
}

async function stopWithHeartbeats(job: Job, graceMs: number): Promise<void> {
  const context = Context.current();
  const heartbeats = setInterval(() => context.heartbeat(), 2000);
  try {
    await stopProcess(job.folder, graceMs);
  } finally {
    clearInterval(heartbeats);
  }
}
