// The workers of the project under test as processes, and which attempt of a training it has.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { trainWorkflowId } from '../../domain/names.ts';
import type { Project } from './project.ts';

/** Started by `contender up`: the accelerator worker, or that of another queue. */
export async function workerPid(project: Project, queue = 'gpu-local'): Promise<number> {
  const file = join(project.home, 'services', `worker-${queue}`, 'process.json');
  return (JSON.parse(await readFile(file, 'utf8')) as { pid: number }).pid;
}

export async function temporalOf(project: Project): Promise<{ client: Client; close: () => Promise<void> }> {
  const connection = await Connection.connect({ address: `127.0.0.1:${project.temporalPort}` });
  return { client: new Client({ connection }), close: async () => await connection.close() };
}

/** Waits until a worker has the run's training in at least this attempt and has told so. Throws after two minutes. */
export async function untilAttempt(project: Project, runId: string, attempt: number): Promise<void> {
  const { client, close } = await temporalOf(project);
  try {
    const deadline = performance.now() + 120_000;
    while (performance.now() < deadline) {
      const { raw } = await client.workflow.getHandle(trainWorkflowId(runId)).describe();
      const [pending] = raw.pendingActivities ?? [];
      const begun = Number(pending?.lastStartedTime?.seconds ?? Infinity);
      if ((pending?.attempt ?? 0) >= attempt && Number(pending?.lastHeartbeatTime?.seconds ?? 0) >= begun) {
        return;
      }
      await sleep(100);
    }
  } finally {
    await close();
  }
  throw new Error(`the training of ${runId} got no attempt ${attempt}`);
}
