// A model server from the activity's side: what it is told, and the GPU that it holds while it runs.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActivityCancellationDetails, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { canonicalJson } from '../domain/canonical.ts';
import type { TrainRecipe } from '../domain/recipe-train.ts';
import type { ServeInput } from '../domain/stage-inputs.ts';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import { putBlob } from '../registry/blobs.ts';
import type { ActivityDeps } from './deps.ts';
import type { Job } from './launch/launcher.ts';
import { processLauncher } from './launch/process-launcher.ts';
import { serve } from './serve.ts';
import { serverFolder } from './server-place.ts';
import { syntheticDeps } from './synthetic-deps.ts';
import { ownersOf } from './training-owners.ts';

let folder: string;
let held: Set<string>;
let started: Job[];
let deps: ActivityDeps;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contender-serve-'));
  held = new Set();
  started = [];
  // Never becomes ready, so that no workflow is told.
  await writeFile(join(folder, 'python'), `#!${process.execPath}\nsetInterval(() => {}, 1000);\n`);
  await chmod(join(folder, 'python'), 0o755);
  const launcher = processLauncher();
  deps = syntheticDeps({
    workFolder: folder,
    trainerRoot: folder,
    python: join(folder, 'python'),
    gpus: {
      list: () => Promise.resolve([{ id: '3', name: 'one', memoryBytes: 1 }]),
      lease: (job) => {
        held.add(job);
        return Promise.resolve(['3']);
      },
      release: (job) => Promise.resolve(void held.delete(job)),
    },
    launcherOf: () => ({
      ...launcher,
      start: async (job) => {
        started.push(job);
        await launcher.start(job);
      },
    }),
    findBase: (name) => Promise.resolve({ name, folder: '/models/tiny', sha256: 'b'.repeat(64) }),
  });
});
afterEach(async () => {
  for (const job of started) {
    await processLauncher().stop(job, 0);
  }
  await rm(folder, { recursive: true, force: true });
});

async function inputOf(kind: ServeInput['kind'], train: Partial<TrainRecipe> = {}): Promise<ServeInput> {
  const { store } = deps;
  const plain = syntheticRecipe();
  const none = { rows: 0, groups: 0, file: await putBlob(store, '') };
  const manifest = {
    name: 'colours',
    version: '0123456789abcdef',
    sources: [],
    settings: {},
    read: 0,
    kept: 0,
    dropped: {},
    labels: [],
    splits: { train: none, validation: none, test: none },
    droppedRows: none.file,
  };
  return {
    runKey: 'fedcba9876543210',
    recipe: await putBlob(store, canonicalJson({ ...plain, train: { ...plain.train, ...train } })),
    manifest: await putBlob(store, canonicalJson(manifest)),
    kind,
    base: { name: 'tiny', sha256: 'b'.repeat(64) },
    adapters: {},
  };
}

/** Serves until the server was started, looks, and cancels. */
async function served(input: ServeInput, look: () => Promise<void> = () => Promise.resolve()): Promise<unknown> {
  const environment = new MockActivityEnvironment(
    { workflowExecution: { workflowId: 'run-contest', runId: 'x' } },
    { logger: new DefaultLogger('ERROR') },
  );
  const ended: Promise<unknown> = environment.run(serve, deps, input).catch((thrown: unknown) => thrown);
  await vi.waitFor(() => expect(started).toHaveLength(1), { timeout: 5000 });
  await look();
  environment.cancel('CANCELLED', new ActivityCancellationDetails({ cancelRequested: true }));
  return await ended;
}

describe('a model server', () => {
  it.each([
    ['lora' as const, 'null'],
    ['qlora' as const, '"nf4"'],
  ])('of an adapter of kind %s serves its base with quantization %s', async (adapter, expected) => {
    await served(await inputOf('language-model', { adapter }));
    const config = await readFile(join(started[0]?.folder ?? '', 'serve.json'), 'utf8');
    expect(config).toContain(`"quantization": ${expected}`);
  });

  it('holds one GPU while it runs, and gives it back when it is cancelled', async () => {
    const ended = await served(await inputOf('language-model'), () => {
      expect([...held]).toEqual([started[0]?.folder]);
      return Promise.resolve();
    });
    expect(ended).toBeInstanceOf(CancelledFailure);
    expect(started[0]?.gpus).toEqual(['3']);
    expect([...held]).toEqual([]);
  });

  it('of the stand-in holds none', async () => {
    await served(await inputOf('classical'), () => {
      expect(held.size).toBe(0);
      return Promise.resolve();
    });
    expect(started[0]?.gpus).toBeUndefined();
  });

  it('has its folder two levels down, also for a candidate of a sweep', () => {
    expect(serverFolder(deps, 'fedc-2', 'classical')).toBe(join(folder, 'fedc-2', 'serve-classical'));
    expect(serverFolder(deps, 'fedc-2/c1/validation', 'language-model')).toBe(
      join(folder, 'fedc-2.c1.validation', 'serve-language-model'),
    );
  });

  it('has the workflow that wants it on file, so that it is not taken for an orphan', async () => {
    await served(await inputOf('language-model'));
    expect(await ownersOf(started[0]?.folder ?? '')).toEqual(['run-contest']);
    expect(started[0]?.name).toMatch(/^[a-z0-9-]{1,63}$/u);
  });
});
