// The worker process: polls one queue (an accelerator worker also its own host's queue) until it is told to stop.
import { hostname } from 'node:os';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { createBatchActivities } from '../activities/batches.ts';
import { createControlActivities } from '../activities/control.ts';
import type { ActivityDeps } from '../activities/deps.ts';
import { createGpuActivities } from '../activities/gpu.ts';
import { createHostActivities } from '../activities/host.ts';
import { gpuLeases, type GpuLeases } from '../activities/launch/gpu-leases.ts';
import { createLaunchers, type Launchers } from '../activities/launch/launchers.ts';
import { controlQueue, hostQueue } from '../domain/names.ts';
import { openStore } from '../registry/open-store.ts';
import { acceleratorsOf, type Accelerators } from './accelerators.ts';
import { findBase } from './base-models.ts';
import { clearUp } from './clear-up.ts';
import { baseFetcher } from './fetch-base.ts';
import { hubOf } from './hub-api.ts';
import { openRuns } from './open-runs.ts';
import { secretOf } from './secrets.ts';
import { packageRoot, type Settings } from './settings.ts';
import { connectWorker } from './worker-connection.ts';

export interface WorkerPlan {
  /** `contender` for workflows and light activities, `gpu-…` for training and serving. */
  readonly queue: string;
  /** Jobs at once on a gpu queue; as many as there are GPUs, and at least one, when undefined. */
  readonly slots: number | undefined;
  /** Called once the worker polls. */
  readonly onReady: (accelerators: Accelerators) => Promise<void>;
  /** Told what the worker cleared up before it began. */
  readonly say: (message: string) => void;
}

/** Runs until SIGINT or SIGTERM. Trainers and servers outlive the worker and are adopted by the next one. */
export async function runWorker(settings: Settings, plan: WorkerPlan): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('INFO'), shutdownSignals: ['SIGINT', 'SIGTERM'] });
  const accelerators = await acceleratorsOf(settings.environment, plan);
  const { connection, target } = await connectWorker(settings);
  const local = {
    workFolder: join(settings.home, 'work'),
    gpus: gpuPool(settings, accelerators),
    launchers: launchersOf(settings),
  };
  const deps = await activityDeps(settings, local);
  if (plan.queue !== controlQueue) {
    const client = new Client({ connection, namespace: target.namespace });
    await clearUp({ ...local, isOpen: openRuns(client), say: plan.say });
  }
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
            activities: {
              ...createControlActivities(deps),
              ...createHostActivities(deps),
              ...createBatchActivities(deps),
            },
            maxConcurrentActivityTaskExecutions: 16,
            maxCachedWorkflows: 100,
          }),
        ]
      : [
          await Worker.create({
            ...shared,
            taskQueue: plan.queue,
            activities: createGpuActivities(deps),
            maxConcurrentActivityTaskExecutions: accelerators.slots,
          }),
          await Worker.create({
            ...shared,
            taskQueue: hostQueue(deps.hostname),
            activities: { ...createGpuActivities(deps), ...createHostActivities(deps) },
            maxConcurrentActivityTaskExecutions: 16,
          }),
        ];
  const running = workers.map((worker) => worker.run());
  await plan.onReady(accelerators);
  await Promise.all(running);
  await connection.close();
}

interface Local {
  readonly workFolder: string;
  readonly gpus: GpuLeases;
  readonly launchers: Launchers;
}

/** Leases are of one machine: homes may be shared. */
function gpuPool(settings: Settings, { gpus, slots }: Accelerators): GpuLeases {
  return gpuLeases({ folder: join(settings.home, 'gpus', hostname()), gpus, slots, now: () => new Date() });
}

function launchersOf({ home }: Settings): Launchers {
  return createLaunchers({ home, mountRoots: [join(home, 'models')] });
}

async function activityDeps(settings: Settings, { workFolder, gpus, launchers }: Local): Promise<ActivityDeps> {
  await mkdir(workFolder, { recursive: true });
  const { home, environment } = settings;
  return {
    store: await openStore(settings.store),
    workFolder,
    python: settings.python,
    trainerRoot: packageRoot,
    hostname: hostname(),
    gpus,
    launcherOf: launchers.of,
    findBase: (name) => findBase(home, name),
    fetchBase: baseFetcher({ home, hostname: hostname(), hub: () => hubOf(environment) }),
    secret: (name) => secretOf(environment, name),
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
