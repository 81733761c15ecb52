// The worker process: polls one queue (an accelerator worker also its own host's queue) until it is told to stop.
import { hostname } from 'node:os';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { createControlActivities } from '../activities/control.ts';
import type { ActivityDeps } from '../activities/deps.ts';
import { createGpuActivities } from '../activities/gpu.ts';
import { createHostActivities } from '../activities/host.ts';
import { controlQueue, hostQueue } from '../domain/names.ts';
import { openStore } from '../registry/open-store.ts';
import { findBase } from './base-models.ts';
import { connectWorker } from './connection.ts';
import { packageRoot, type Settings } from './settings.ts';

export interface WorkerPlan {
  /** `contender` for workflows and light activities, `gpu-…` for training and serving. */
  readonly queue: string;
  /** Jobs at once on a gpu queue. */
  readonly slots: number;
  /** Called once the worker polls. */
  readonly onReady: () => Promise<void>;
}

/** Runs until SIGINT or SIGTERM. Trainers and servers outlive the worker and are adopted by the next one. */
export async function runWorker(settings: Settings, plan: WorkerPlan): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('INFO'), shutdownSignals: ['SIGINT', 'SIGTERM'] });
  const { connection, target } = await connectWorker(settings);
  const deps = await activityDeps(settings);
  const shared = {
    connection,
    namespace: target.namespace,
    // Jobs let go at once; a shard under way gets a moment to end.
    shutdownGraceTime: '3s',
    shutdownForceTime: '60s',
    // Cancellation reaches an activity with its heartbeat, so heartbeats must not be held back for long.
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
  } satisfies WorkerOptions | object;

  const workers =
    plan.queue === controlQueue
      ? [
          await Worker.create({
            ...shared,
            taskQueue: controlQueue,
            workflowBundle: await workflowBundle(),
            activities: { ...createControlActivities(deps), ...createHostActivities(deps) },
            maxConcurrentActivityTaskExecutions: 16,
            maxCachedWorkflows: 100,
          }),
        ]
      : [
          await Worker.create({
            ...shared,
            taskQueue: plan.queue,
            activities: createGpuActivities(deps),
            maxConcurrentActivityTaskExecutions: plan.slots,
          }),
          await Worker.create({
            ...shared,
            taskQueue: hostQueue(deps.hostname),
            activities: { ...createGpuActivities(deps), ...createHostActivities(deps) },
            maxConcurrentActivityTaskExecutions: 16,
          }),
        ];
  const running = workers.map((worker) => worker.run());
  await plan.onReady();
  await Promise.all(running);
  await connection.close();
}

async function activityDeps(settings: Settings): Promise<ActivityDeps> {
  const workFolder = join(settings.home, 'work');
  await mkdir(workFolder, { recursive: true });
  return {
    store: openStore(settings.store),
    workFolder,
    python: settings.python,
    trainerRoot: packageRoot,
    hostname: hostname(),
    findBase: (name) => findBase(settings.home, name),
    secret: (name) => settings.environment[name],
    now: () => new Date(),
  };
}

/** Bundled ahead of time in a built package, from source in development. */
async function workflowBundle(): Promise<NonNullable<WorkerOptions['workflowBundle']>> {
  const built = join(packageRoot, 'dist', 'workflow-bundle.js');
  if (import.meta.url.endsWith('.js') && existsSync(built)) {
    return { codePath: built };
  }
  return await bundleWorkflowCode({
    workflowsPath: join(packageRoot, 'workflows', 'index.ts'),
    logger: new DefaultLogger('WARN'),
  });
}
