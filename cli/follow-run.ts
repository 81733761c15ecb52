// Follows a run's workflow until it closes: stage table from its query, training steps from the heartbeat.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { trainWorkflowId, workflowTypes } from '../domain/names.ts';
import type { RunProgress } from '../domain/run.ts';
import { trainingProgressSchema, type TrainingProgress } from '../domain/training.ts';
import type { RunView } from './run-view.ts';

const pollMs = 700;

/** Returns the workflow's result, or throws its failure. */
export async function followRun<Result>(client: Client, handle: WorkflowHandle, view: RunView): Promise<Result> {
  const closed = new AbortController();
  const result: Promise<Result> = handle.result().finally(() => closed.abort());
  // Observed below; until then a failure must not count as unhandled.
  result.catch(() => undefined);
  try {
    while (!closed.signal.aborted) {
      await showOnce(client, handle, view);
      await sleep(pollMs, undefined, { signal: closed.signal }).catch(() => undefined);
    }
    await showOnce(client, handle, view);
  } finally {
    view.close();
  }
  return await result;
}

async function showOnce(client: Client, handle: WorkflowHandle, view: RunView): Promise<void> {
  const progress = await handle.query<RunProgress>('stages').catch(() => undefined);
  if (progress === undefined) {
    return;
  }
  const training = progress.stages.some(({ stage, state }) => stage === 'train' && state === 'running');
  view.show(progress, training ? await trainingHeartbeat(client, handle.workflowId) : undefined);
}

/** The newest training step: details of the heartbeat of the child workflow's only pending activity. */
async function trainingHeartbeat(client: Client, workflowId: string): Promise<TrainingProgress | undefined> {
  const description = await client.workflow
    .getHandle(trainWorkflowId(workflowId))
    .describe()
    .catch(() => undefined);
  const payload = description?.raw.pendingActivities?.[0]?.heartbeatDetails?.payloads?.[0];
  if (description?.type !== workflowTypes.train || payload === undefined || payload === null) {
    return undefined;
  }
  return trainingProgressSchema.safeParse(defaultPayloadConverter.fromPayload(payload)).data;
}
