// One training from the activity's side: a stand-in for the trainer that keeps its contract, started for real.
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActivityCancellationDetails, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { z } from 'zod';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { canonicalJson } from '../domain/canonical.ts';
import type { DatasetManifest } from '../domain/dataset.ts';
import { failureTypes } from '../domain/failures.ts';
import type { recipeSchema } from '../domain/recipe.ts';
import type { TrainInput } from '../domain/stage-inputs.ts';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import {
  artifactManifestSchema,
  progressLineSchema,
  trainerConfigSchema,
  trainResultSchema,
  type TrainResult,
} from '../domain/training.ts';
import { syntheticTokens } from '../evals/report/synthetic-tokens.ts';
import { getBlob, putBlob } from '../registry/blobs.ts';
import { memoryStore } from '../registry/memory-store.ts';
import type { ActivityDeps } from './deps.ts';
import { parseLines } from './json-lines.ts';
import type { GpuPool } from './launch/gpu-pool.ts';
import type { Job, Launcher } from './launch/launcher.ts';
import { processLauncher } from './launch/process-launcher.ts';
import { materialiseArtifact } from './materialise-artifact.ts';
import { syntheticDeps } from './synthetic-deps.ts';
import { safetensors } from './synthetic-safetensors.ts';
import { train } from './train.ts';
import { ownersOf } from './training-owners.ts';

type Change = (draft: z.input<typeof recipeSchema>) => void;

let folder: string;
let deps: ActivityDeps;
let launcher: Launcher;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contender-train-'));
  await mkdir(join(folder, 'base'));
  await writeFile(join(folder, 'base', 'tokenizer.json'), '{"of":"the base"}');
  await writeFile(join(folder, 'base', 'tokenizer_config.json'), '{"chat_template":"template of the base"}');
  launcher = processLauncher();
  deps = syntheticDeps({
    store: memoryStore(),
    workFolder: join(folder, 'work'),
    trainerRoot: folder,
    python: join(folder, 'python'),
    launcherOf: () => launcher,
    findBase: (name) => Promise.resolve({ name, folder: join(folder, 'base'), sha256: 'b'.repeat(64) }),
  });
  await trainerThat('finish(config)');
});
afterEach(async () => {
  for (const job of started) {
    await processLauncher().stop(job, 0);
  }
  started.length = 0;
  await rm(folder, { recursive: true, force: true });
});
const started: Job[] = [];

/** Puts a program in the place of Python that runs `body` with the config, and can `finish(config, result, files)`. */
async function trainerThat(body: string): Promise<void> {
  const weights = safetensors({ weight: { dtype: 'F32', shape: [2] } }).toString('base64');
  await writeFile(
    join(folder, 'python'),
    `#!${process.execPath}
const { appendFileSync, mkdirSync, readFileSync, writeFileSync, existsSync } = require('node:fs');
const { dirname, join } = require('node:path');
const config = JSON.parse(readFileSync(process.argv.at(-1), 'utf8'));
const out = config.output_dir;
appendFileSync(${JSON.stringify(join(folder, 'starts.log'))}, JSON.stringify({ argv: process.argv.slice(2), config }) + '\\n');
function leave(name, content) {
  mkdirSync(dirname(join(out, name)), { recursive: true });
  writeFileSync(join(out, name), typeof content === 'object' && !Buffer.isBuffer(content) ? JSON.stringify(content) : content);
}
function finish(config, result = {}, files = {}) {
  const progress = { kind: 'progress', step: 8, total_steps: 8, epoch: 1, loss: 0.5, learning_rate: 0, tokens: 9, tokens_per_second: 1, seconds: 1, seconds_left: 0 };
  leave('progress.jsonl', JSON.stringify(progress) + '\\n{"kind":"prog\\n');
  const weights = Buffer.from('${weights}', 'base64');
  const parity = { rows: [], template_sha256: '${'c'.repeat(64)}', tokenizer_sha256: '${'d'.repeat(64)}' };
  const all = { 'artifact/adapter_model.safetensors': weights, 'artifact/adapter_config.json': {}, 'artifact/tokenizer.json': {}, 'artifact/parity.json': parity, ...files };
  for (const [name, content] of Object.entries(all)) { if (content !== null) leave(name, content); }
  leave('result.json', { steps: 8, epochs: 1, train_loss: 0.5, validation_loss: null, tokens: 9, seconds: 1, tokens_per_second: 9, device: 'cpu', dtype: 'float32', peak_memory_bytes: 1, trainable_parameters: 1, total_parameters: 2, resumed_from_step: null, versions: {}, ...result });
}
${body}
`,
  );
  await chmod(join(folder, 'python'), 0o755);
}

const rowLines = (from: number, count: number): string =>
  Array.from({ length: count }, (_, index) =>
    canonicalJson({
      id: `r${from + index}`,
      input: `text ${from + index}`,
      output: 'red',
      rejected: 'blue',
      origin: { file: 'rows.csv', line: 2 },
    }),
  ).join('\n');

async function inputOf(change?: Change, given: Partial<TrainInput> = {}): Promise<TrainInput> {
  const { store } = deps;
  const split = async (from: number, rows: number) => ({
    rows,
    groups: 0,
    file: await putBlob(store, rowLines(from, rows)),
  });
  const manifest: DatasetManifest = {
    name: 'colours',
    version: '0123456789abcdef',
    sources: [],
    settings: {},
    read: 7,
    kept: 7,
    dropped: {},
    labels: ['red'],
    splits: { train: await split(0, 4), validation: await split(4, 1), test: await split(5, 2) },
    droppedRows: await putBlob(store, ''),
  };
  return {
    runKey: 'fedcba9876543210',
    recipe: await putBlob(store, canonicalJson(syntheticRecipe(change))),
    manifest: await putBlob(store, canonicalJson(manifest)),
    recipeName: 'colours',
    base: { name: 'tiny', sha256: 'b'.repeat(64) },
    limitMs: 3_600_000,
    reportTo: null,
    ...given,
  };
}

function environment(): MockActivityEnvironment {
  return new MockActivityEnvironment(
    { workflowExecution: { workflowId: 'run-train', runId: 'x' } },
    { logger: new DefaultLogger('ERROR') },
  );
}

async function trained(input: TrainInput, inside = environment()): Promise<TrainResult> {
  return trainResultSchema.parse(await inside.run(train, deps, input));
}

const startSchema = z.object({ argv: z.array(z.string()), config: trainerConfigSchema });

async function starts(): Promise<z.infer<typeof startSchema>[]> {
  return parseLines(await readFile(join(folder, 'starts.log')).catch(() => new Uint8Array()), startSchema);
}

async function filesOf({ artifact }: TrainResult): Promise<Record<string, string>> {
  const manifest = artifactManifestSchema.parse(
    JSON.parse(Buffer.from(await getBlob(deps.store, artifact)).toString()),
  );
  return Object.fromEntries(
    await Promise.all(
      Object.entries(manifest.files).map(
        async ([name, file]) => [name, Buffer.from(await getBlob(deps.store, file)).toString()] as const,
      ),
    ),
  );
}

const exporting: Change = (draft) => void (draft.train = { export: { merge: true, gguf: 'f16' } });

/** Runs the stand-in where the image would: with the worker's paths in place of the container's. */
function imageLauncher(): Launcher {
  const process = processLauncher();
  return {
    ...process,
    kind: 'podman',
    start: async (job) => {
      started.push(job);
      const config = join(job.folder, 'in', 'config.json');
      const text = await readFile(config, 'utf8');
      const inside = join(job.folder, 'inside.json');
      await writeFile(inside, text.replace('"/job/out"', JSON.stringify(join(job.folder, 'out'))));
      await process.start({ ...job, argv: [join(folder, 'python'), inside], cwd: folder });
    },
  };
}

/** What a training by a trainer that runs `body` fails with. */
const refused = async (body: string, change?: Change): Promise<unknown> => {
  await trainerThat(body);
  return await trained(await inputOf(change)).catch((thrown: unknown) => thrown);
};

describe('a training', () => {
  it('reads its own folder, writes beside it, and leaves its result under its key', async () => {
    const result = await trained(await inputOf());
    const [start] = await starts();
    const job = join(folder, 'work', 'trainings', start?.config.train_file.split('/').at(-3) ?? '');
    expect(start?.argv).toEqual(['-m', 'trainer.train', '--config', join(job, 'in', 'config.json')]);
    expect(trainerConfigSchema.parse(start?.config)).toMatchObject({
      base_model: join(folder, 'base'),
      train_file: join(job, 'in', 'train.jsonl'),
      validation_file: join(job, 'in', 'validation.jsonl'),
      output_dir: join(job, 'out'),
      max_seconds: 3600,
      train: { eval_steps: null, early_stopping_patience: null },
    });
    expect((await readFile(join(job, 'in', 'train.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(4);
    expect(await ownersOf(job)).toEqual(['run-train']);
    expect(await deps.store.get(`trainings/${job.split('/').at(-1)}.json`)).toBeDefined();
    expect(result).toMatchObject({ attempts: 1, notices: [], trainer: { steps: 8, stopped: 'completed' } });
    expect(Object.keys(await filesOf(result)).toSorted()).toEqual([
      'LICENCE.txt',
      'README.md',
      'adapter_config.json',
      'adapter_model.safetensors',
      'parity.json',
      'recipe.json',
      'tokenizer.json',
    ]);
  });

  it('keeps what the trainer counted of its rows, beside the dataset version as well', async () => {
    const { splits, layout } = syntheticTokens();
    await trainerThat(`finish(config, {}, { 'tokens.json': ${JSON.stringify({ schema: 1, splits, layout })} });`);
    const { tokens } = await trained(await inputOf());
    expect(tokens).toBeDefined();
    const stored = await Array.fromAsync(deps.store.list('datasets/colours/0123456789abcdef/'));
    expect(stored).toEqual([
      expect.stringMatching(/card\.md$/u),
      expect.stringMatching(/tokens-[0-9a-f-]{25}\.json$/u),
    ]);
  });

  it('takes no counts from a file of another shape', async () => {
    await trainerThat(`finish(config, {}, { 'tokens.json': { schema: 2, text: 'a row' } });`);
    expect(await trained(await inputOf())).not.toHaveProperty('tokens');
  });

  it('keeps of the progress what can be read', async () => {
    const { progress } = await trained(await inputOf());
    const lines = Buffer.from(await getBlob(deps.store, progress))
      .toString()
      .trim()
      .split('\n');
    expect(lines.map((line) => progressLineSchema.parse(JSON.parse(line)))).toMatchObject([{ step: 8 }]);
  });

  it('is paid once by runs that decide about it differently, and the artefact is the same', async () => {
    const first = await trained(await inputOf());
    const second = await trained(
      await inputOf(
        (draft) => {
          draft.gate = { margin: 0.2 };
        },
        { runKey: '0000000000000001' },
      ),
    );
    expect(second).toEqual(first);
    expect(await starts()).toHaveLength(1);
  });

  it('is shared by recipes of other names and licences, each with its own papers', async () => {
    const first = await filesOf(await trained(await inputOf()));
    const second = await filesOf(
      await trained(
        await inputOf((draft) => {
          draft.name = 'hues';
          draft.model.licence = 'Apache-2.0';
        }),
      ),
    );
    expect(await starts()).toHaveLength(1);
    expect(first['README.md']).toContain('# colours');
    expect(second['README.md']).toContain('# hues');
    expect(second['README.md']).toContain('license: "apache-2.0"');
    expect(second['adapter_model.safetensors']).toBe(first['adapter_model.safetensors']);
  });

  it('that two runs want at the same moment has one trainer', async () => {
    await trainerThat('setTimeout(() => finish(config), 700)');
    const [first, second] = await Promise.all([
      trained(await inputOf()),
      trained(await inputOf(undefined, { runKey: '0000000000000001' })),
    ]);
    expect(second).toEqual(first);
    expect(await starts()).toHaveLength(1);
    expect(first.attempts).toBe(1);
  });

  it('of a fresh run is paid again', async () => {
    await trained(await inputOf());
    await trained(await inputOf(undefined, { runKey: 'fedcba9876543210-2' }));
    expect(await starts()).toHaveLength(2);
  });

  it('with other settings is another one, in a folder of its own', async () => {
    await trained(await inputOf());
    await trained(await inputOf((draft) => void (draft.train = { lora_r: 8 })));
    const outs = (await starts()).map(({ config }) => config.output_dir);
    expect(new Set(outs).size).toBe(2);
  });

  it('on several GPUs runs one process a GPU', async () => {
    await trained(await inputOf((draft) => void (draft.train = { num_gpus: 2 })));
    expect((await starts())[0]?.argv.slice(0, 8)).toEqual([
      '-m',
      'torch.distributed.run',
      '--standalone',
      '--nproc-per-node',
      '2',
      '-m',
      'trainer.train',
      '--config',
    ]);
  });
});

describe('a trainer that ends badly', () => {
  it('out of memory is started with less until it fits, and the result says so', async () => {
    await trainerThat(`
      const { micro_batch_size: size, gradient_accumulation_steps: passes } = config.train;
      if (size > 2) {
        leave('failure.json', { code: 12, kind: 'out_of_memory', message: 'no memory', suggestion: { micro_batch_size: size / 2, gradient_accumulation_steps: passes * 2, gradient_checkpointing: false } });
        process.exit(12);
      }
      finish(config);`);
    const result = await trained(
      await inputOf((draft) => void (draft.train = { micro_batch_size: 8, on_out_of_memory: 'retry' })),
    );
    expect(
      (await starts()).map(({ config }) => [config.train.micro_batch_size, config.train.gradient_accumulation_steps]),
    ).toEqual([
      [8, 1],
      [4, 2],
      [2, 4],
    ]);
    expect(result).toMatchObject({
      attempts: 3,
      notices: [
        'out of memory with micro batch 8 × 1: trained on with micro batch 4 × 2',
        'out of memory with micro batch 4 × 2: trained on with micro batch 2 × 4',
      ],
    });
    expect((await filesOf(result))['README.md']).toContain('- out of memory with micro batch 8 × 1');
  });

  it('as it refused its config says so by its exit code alone', async () => {
    await trainerThat('process.exit(14)');
    await expect(trained(await inputOf())).rejects.toMatchObject({ type: failureTypes.badInput, nonRetryable: true });
  });
});

describe('a wall of hours', () => {
  const walled = `finish(config, { stopped: 'time_limit', planned_steps: 80, best_step: 6, seconds: config.max_seconds });`;

  it('gives a result that says so, and that the same wall finds again', async () => {
    await trainerThat(walled);
    const first = await trained(await inputOf(undefined, { limitMs: 60_000 }));
    expect(first.notices).toEqual([
      'training stopped at its hard wall after 60 s, at step 8 of 80; the adapter is that of step 6',
    ]);
    expect(await trained(await inputOf(undefined, { limitMs: 60_000 }))).toEqual(first);
    expect(await starts()).toHaveLength(1);
  });

  it('does not hold a run with a higher one, which goes on in the same folder', async () => {
    await trainerThat(walled);
    await trained(await inputOf(undefined, { limitMs: 60_000 }));
    await trainerThat('finish(config, { seconds: 90 })');
    const second = await trained(await inputOf(undefined, { limitMs: 120_000 }));
    expect(second.trainer).toMatchObject({ stopped: 'completed', seconds: 90 });
    const [before, after] = await starts();
    expect(after?.config.output_dir).toBe(before?.config.output_dir);
    expect([before?.config.max_seconds, after?.config.max_seconds]).toEqual([60, 120]);
  });
});

describe('an artefact', () => {
  it('with a pickle that calls itself safetensors is refused; the next run trains again', async () => {
    const failure = await refused(
      `finish(config, {}, { 'artifact/adapter_model.safetensors': Buffer.from([0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0x2e]) })`,
    );
    expect(failure).toMatchObject({
      type: failureTypes.corruptArtifact,
      message: expect.stringContaining('adapter_model.safetensors'),
    });
    await trainerThat('finish(config)');
    expect((await trained(await inputOf())).attempts).toBe(2);
  });

  it('with weights of another format beside is refused', async () => {
    const failure = await refused(`finish(config, {}, { 'artifact/training_args.bin': 'x' })`);
    expect(failure).toMatchObject({ message: expect.stringContaining('"training_args.bin"') });
  });

  it.each(['adapter_model.safetensors', 'parity.json'])('without %s is refused', async (name) => {
    const failure = await refused(`finish(config, {}, { 'artifact/${name}': null })`);
    expect(failure).toMatchObject({ nonRetryable: true, message: `the trainer left no ${name}` });
  });

  it('whose result breaks the contract is refused, by field', async () => {
    const failure = await refused(`finish(config, { device: 7 })`);
    expect(failure).toMatchObject({ message: 'the trainer left a result.json with a wrong or missing "device"' });
  });

  it('has its exports with it, and serving does not fetch them', async () => {
    await trainerThat(
      `finish(config, {}, { 'export/merged/model.safetensors': Buffer.from('${safetensors({}).toString('base64')}', 'base64'), 'export/merged/config.json': {}, 'export/model.gguf': 'GGUF and so on' })`,
    );
    const result = await trained(await inputOf(exporting));
    expect(await filesOf(result)).toMatchObject({
      'export/model.gguf': 'GGUF and so on',
      'export/merged/config.json': '{}',
    });
    const served = await materialiseArtifact(deps, result.artifact);
    await expect(readFile(join(served, 'adapter_config.json'), 'utf8')).resolves.toBe('{}');
    await expect(readFile(join(served, 'export', 'model.gguf'))).rejects.toThrow('ENOENT');
  });

  it('without the exports that were asked for is refused', async () => {
    expect(await refused('finish(config)', exporting)).toMatchObject({
      message: expect.stringContaining('no merged model'),
    });
  });
});

describe('an image of somebody else', () => {
  const image = `trainer@sha256:${'1'.repeat(64)}`;
  const foreign: Change = (draft) =>
    void (draft.train = {
      backend: 'container',
      launcher: 'podman',
      image,
      command: ['/opt/run', '--quiet'],
      memory_gib: 2,
    });

  beforeEach(() => {
    launcher = imageLauncher();
  });

  it('sees its inputs read-only, its output folder and the base, and gets the path of its config last', async () => {
    await trained(await inputOf(foreign));
    const [job] = started;
    expect(job).toMatchObject({
      name: expect.stringMatching(/^contender-[0-9a-f]{16}$/u),
      argv: ['/opt/run', '--quiet', '/job/in/config.json'],
      container: {
        image,
        memoryBytes: 2 * 2 ** 30,
        mounts: [
          { source: join(job?.folder ?? '', 'in'), target: '/job/in', readOnly: true },
          { source: join(job?.folder ?? '', 'out'), target: '/job/out', readOnly: false },
          { source: join(folder, 'base'), target: '/base', readOnly: true },
        ],
      },
    });
    const config = JSON.parse(await readFile(join(job?.folder ?? '', 'in', 'config.json'), 'utf8')) as unknown;
    expect(trainerConfigSchema.parse(config)).toMatchObject({
      base_model: '/base',
      train_file: '/job/in/train.jsonl',
      output_dir: '/job/out',
      train: { backend: 'container' },
    });
  });

  it('may leave nothing but the adapter: the tokenizer is that of the base, and parity is said to be unproven', async () => {
    await trainerThat(`finish(config, {}, { 'artifact/tokenizer.json': null, 'artifact/parity.json': null })`);
    const result = await trained(await inputOf(foreign));
    const files = await filesOf(result);
    expect(files['tokenizer.json']).toBe('{"of":"the base"}');
    expect(JSON.parse(files['parity.json'] ?? '')).toMatchObject({ rows: [] });
    expect(result.notices).toEqual([expect.stringContaining('not proven')]);
    expect(files['README.md']).toContain('not proven');
  });
});

describe('a machine with GPUs', () => {
  let pool: GpuPool & { readonly held: Map<string, string[]> };
  beforeEach(() => {
    const held = new Map<string, string[]>();
    pool = {
      held,
      list: () => Promise.resolve([{ id: '0', name: 'one', memoryBytes: 1 }]),
      lease: (job, count) => {
        const taken = [...held].some(([holder]) => holder !== job);
        if (!taken) {
          held.set(
            job,
            Array.from({ length: count }, (_, index) => String(index)),
          );
        }
        return Promise.resolve(held.get(job));
      },
      release: (job) => {
        held.delete(job);
        return Promise.resolve();
      },
    };
    deps = { ...deps, gpus: pool };
    const process = processLauncher();
    launcher = {
      ...process,
      start: async (job) => {
        started.push(job);
        await process.start(job);
      },
    };
  });

  it('gives the job its devices, and has them back at the end', async () => {
    await trained(await inputOf());
    expect(started[0]?.gpus).toEqual(['0']);
    expect(pool.held.size).toBe(0);
  });

  it('has them back when the training failed', async () => {
    await trainerThat(`leave('failure.json', { code: 10, kind: 'data_error', message: 'no' }); process.exit(10)`);
    await expect(trained(await inputOf())).rejects.toThrow('the trainer stopped: no');
    expect(pool.held.size).toBe(0);
  });

  it('lets a job wait until one is free, and says so', async () => {
    pool.held.set('somebody else', ['0']);
    const inside = environment();
    const beats: unknown[] = [];
    inside.on('heartbeat', (details: unknown) => beats.push(details));
    const result = trained(await inputOf(), inside);
    await vi.waitFor(() => expect(beats).toContainEqual({ waitingFor: 'a GPU' }), { timeout: 5000 });
    expect(started).toEqual([]);
    pool.held.clear();
    await result;
    expect(started).toHaveLength(1);
  });

  it('starts nothing for a run that is cancelled while it waits, and counts no start', async () => {
    pool.held.set('somebody else', ['0']);
    const inside = environment();
    const ended = trained(await inputOf(), inside).catch((thrown: unknown) => thrown);
    await vi.waitFor(async () => expect(await starts()).toEqual([]));
    inside.cancel('CANCELLED', new ActivityCancellationDetails({ cancelRequested: true }));
    expect(await ended).toBeInstanceOf(CancelledFailure);
    expect(started).toEqual([]);
    expect([...pool.held.keys()]).toEqual(['somebody else']);
  });

  it.each([
    ['has them back when the run is cancelled', new ActivityCancellationDetails({ cancelRequested: true }), 0],
    [
      'leaves them with the job when the worker shuts down',
      new ActivityCancellationDetails({ workerShutdown: true }),
      1,
    ],
  ])('%s', async (_name, details, held) => {
    await trainerThat(`leave('progress.jsonl', ''); setInterval(() => {}, 1000)`);
    const inside = environment();
    const ended = trained(await inputOf(), inside).catch((thrown: unknown) => thrown);
    await vi.waitFor(async () => expect(await starts()).toHaveLength(1), { timeout: 5000 });
    inside.cancel(details.cancelRequested ? 'CANCELLED' : 'WORKER_SHUTDOWN', details);
    expect(await ended).toBeInstanceOf(CancelledFailure);
    expect(pool.held.size).toBe(held);
  });
});
