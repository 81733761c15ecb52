// Supervises one model server until the contest lets go of it.
import { rm, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { hashOf } from '../domain/canonical.ts';
import { failureTypes } from '../domain/failures.ts';
import { hostQueue } from '../domain/names.ts';
import { servedConcurrency } from '../evals/arms.ts';
import type { ServeInput, ServerReady } from '../domain/stage-inputs.ts';
import type { ActivityDeps } from './deps.ts';
import { gpuLease, type GpuLease } from './gpu-lease.ts';
import { storeLog } from './job-log.ts';
import { toLines } from './json-lines.ts';
import type { Job, Launcher } from './launch/launcher.ts';
import { supervise } from './launch/supervise.ts';
import { materialiseArtifact } from './materialise-artifact.ts';
import { permanent } from './permanent.ts';
import { readManifest, readRecipe, readSplit } from './run-inputs.ts';
import { sameBase } from './same-base.ts';
import { serverFolder, serverUrl } from './server-place.ts';
import { trainerEnvironment } from './training-job.ts';
import { addOwner } from './training-owners.ts';
import { trainingRows } from './training-rows.ts';
import { withHeartbeats } from './with-heartbeats.ts';

/** A server that dies this often is not worth another try. */
const maxStarts = 3;
const stopGraceMs = 10_000;

export async function serve(deps: ActivityDeps, input: ServeInput): Promise<void> {
  const folder = serverFolder(deps, input.runKey, input.kind);
  await mkdir(folder, { recursive: true });
  await addOwner(folder, Context.current().info.workflowExecution?.workflowId ?? '');
  const job = await withHeartbeats(async () =>
    input.kind === 'classical' ? classicalJob(deps, input, folder) : languageModelJob(deps, input, folder),
  );
  const launcher = deps.launcherOf('process');
  const lease = gpuLease(deps.gpus, launcher, job, 1);
  // The classical server needs no GPU, and a machine without one has nothing to lend.
  const needsGpu = input.kind === 'language-model' && (await deps.gpus.list()).length > 0;
  try {
    await superviseServer(deps, input, launcher, job, needsGpu ? lease : undefined);
  } finally {
    if (needsGpu) {
      await lease.release();
    }
  }
}

async function superviseServer(
  deps: ActivityDeps,
  input: ServeInput,
  launcher: Launcher,
  job: Job,
  lease: GpuLease | undefined,
): Promise<void> {
  const { folder } = job;
  let starts = 0;
  let announced = false;

  await supervise({
    launcher: { ...launcher, start: async () => launcher.start(lease?.equipped() ?? job) },
    job,
    stopGraceMs,
    // A server is never done; it ends when it is cancelled.
    outcome: async () => {
      starts += 1;
      if (starts > maxStarts) {
        throw permanent(failureTypes.servingFailed, `the ${input.kind} server ended ${maxStarts} times`, {
          logKey: await storeLog(deps.store, input.runKey, `serve-${input.kind}`, folder),
        });
      }
      await rm(join(folder, 'ready.json'), { force: true });
      await lease?.wait();
      return 'start';
    },
    beat: async () => {
      if (!announced && (await healthy(folder))) {
        announced = true;
        const ready: ServerReady = { kind: input.kind, hostQueue: hostQueue(deps.hostname) };
        const { workflowExecution } = Context.current().info;
        await Context.current()
          .client.workflow.getHandle(workflowExecution?.workflowId ?? '')
          .signal('serverReady', ready);
      }
      return { server: input.kind, ready: announced };
    },
  });
}

async function healthy(folder: string): Promise<boolean> {
  const url = await serverUrl(folder);
  if (url === undefined) {
    return false;
  }
  const answer = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
  return answer?.ok === true;
}

async function languageModelJob(deps: ActivityDeps, input: ServeInput, folder: string): Promise<Job> {
  const base = await sameBase(deps, input.base);
  const adapters = await Promise.all(
    Object.entries(input.adapters).map(async ([name, ref]) => [name, await materialiseArtifact(deps, ref)] as const),
  );
  const { train } = await readRecipe(deps.store, input.recipe);
  return await serverJob(deps, folder, 'trainer.serve', {
    base_model: base.folder,
    // An adapter learnt on top of a quantized base belongs on the same one.
    quantization: (input.quantized ?? train.adapter === 'qlora') ? 'nf4' : null,
    adapters: Object.fromEntries(adapters),
    max_batch_size: servedConcurrency,
    api_key: null,
  });
}

async function classicalJob(deps: ActivityDeps, input: ServeInput, folder: string): Promise<Job> {
  const recipe = await readRecipe(deps.store, input.recipe);
  const manifest = await readManifest(deps.store, input.manifest);
  const trainFile = join(folder, 'train.jsonl');
  await writeFile(trainFile, toLines(trainingRows(recipe, await readSplit(deps.store, manifest, 'train'))));
  return await serverJob(deps, folder, 'trainer.classical', {
    train_file: trainFile,
    name: 'tfidf-logreg',
    seed: recipe.train.seed,
  });
}

async function serverJob(deps: ActivityDeps, folder: string, module: string, settings: object): Promise<Job> {
  const configFile = join(folder, 'serve.json');
  const config = { schema: 1, host: '127.0.0.1', port: 0, ready_file: join(folder, 'ready.json'), ...settings };
  await writeFile(configFile, JSON.stringify(config, null, 2));
  return {
    // Folders of servers differ by run and kind.
    name: `contender-serve-${hashOf(folder).slice(0, 16)}`,
    folder,
    argv: [deps.python, '-m', module, '--config', configFile],
    cwd: deps.trainerRoot,
    env: trainerEnvironment,
  };
}
