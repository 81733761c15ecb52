// Time-outs and retry policies: the only place where they are set.
import { ActivityCancellationType } from '@temporalio/common';
import type { ActivityOptions } from '@temporalio/workflow';
import { failureTypes } from '../domain/failures.ts';
import type { RunTimeouts } from '../domain/run.ts';

/** Small reads and writes on the object store, curation, gate and report. */
export const controlPolicy = {
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '2 minutes',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds', maximumAttempts: 5 },
} satisfies ActivityOptions;

/**
 * Supervisors of trainers and servers. Attempts are not limited within the time the recipe allows: a lost worker
 * must not use up the budget. The supervisor itself counts crashes of the process and gives up for good.
 */
export function supervisorPolicy(queue: string, limitMs: number, timeouts: RunTimeouts): ActivityOptions {
  return {
    taskQueue: queue,
    // The supervisor keeps the limit itself, where it can stop the process; this only ends one that hangs.
    startToCloseTimeout: limitMs + 600_000,
    heartbeatTimeout: timeouts.heartbeatMs,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: '1 second', backoffCoefficient: 1.5, maximumInterval: '30 seconds' },
  };
}

/** How long a training waits for the machine that fetched its base before another one may fetch it. */
const hostPatience = '15 minutes';

/** Training: a place in the queue by priority, in turns between recipes; `bound` to one machine when it has the base. */
export function trainingPolicy(
  queue: string,
  limitMs: number,
  timeouts: RunTimeouts,
  { priority, turn, bound }: { priority: number | undefined; turn: string; bound: boolean },
): ActivityOptions {
  return {
    ...supervisorPolicy(queue, limitMs, timeouts),
    ...(bound ? { scheduleToStartTimeout: hostPatience } : {}),
    ...(priority === undefined ? {} : { priority: { priorityKey: priority, fairnessKey: turn } }),
  };
}

/** Fetching a base model from a hub: it may take hours, and goes on where an earlier attempt stopped. */
export function fetchPolicy(queue: string, timeouts: RunTimeouts): ActivityOptions {
  return {
    taskQueue: queue,
    startToCloseTimeout: '12 hours',
    heartbeatTimeout: timeouts.heartbeatMs,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: '2 seconds', maximumInterval: '1 minute', maximumAttempts: 30 },
  };
}

/** One shard of rows shown to a panel: it goes on where an earlier attempt stopped, and knows by itself when to give up. */
export function judgePolicy(timeouts: RunTimeouts): ActivityOptions {
  return { ...askPolicy(undefined, timeouts), startToCloseTimeout: '12 hours' };
}

/** Waits between looks at a provider's batch: one that is refused fails at once, others take minutes or up to a day. */
export const usualPolls = { firstMs: 15_000, longestMs: 600_000 };

/** Handing a batch over, looking at it, and reading its results: an outage of the vendor is waited out. */
export function batchPolicy(timeouts: RunTimeouts): ActivityOptions {
  return {
    startToCloseTimeout: '30 minutes',
    scheduleToCloseTimeout: '6 hours',
    heartbeatTimeout: timeouts.heartbeatMs,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: {
      initialInterval: '2 seconds',
      maximumInterval: '5 minutes',
      nonRetryableErrorTypes: [failureTypes.providerRefused],
    },
  };
}

/** Stopping a batch when the run is cancelled: whoever cancelled waits for it, and an outage must not keep them for long. */
export function stopBatchPolicy(timeouts: RunTimeouts): ActivityOptions {
  return { ...batchPolicy(timeouts), startToCloseTimeout: '2 minutes', scheduleToCloseTimeout: '10 minutes' };
}

/** One shard of rows asked of one arm. */
export function askPolicy(queue: string | undefined, timeouts: RunTimeouts): ActivityOptions {
  return {
    ...(queue === undefined ? {} : { taskQueue: queue }),
    startToCloseTimeout: timeouts.shardMs,
    heartbeatTimeout: timeouts.heartbeatMs,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: {
      initialInterval: '1 second',
      maximumInterval: '1 minute',
      maximumAttempts: 8,
      nonRetryableErrorTypes: [failureTypes.providerRefused],
    },
  };
}
