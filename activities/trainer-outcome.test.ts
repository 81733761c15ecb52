import { appendFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureTypes } from '../domain/failures.ts';
import type { TrainRecipe } from '../domain/recipe-train.ts';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import { trainerConfigSchema, type TrainerConfig } from '../domain/training.ts';
import { memoryStore } from '../registry/memory-store.ts';
import { logFile } from './launch/process.ts';
import { countStart, startsSoFar, trainerOutcome, type WatchedTrainer } from './trainer-outcome.ts';
import { trainerConfig } from './training-job.ts';
import { reductionsOf } from './training-memory.ts';
import { trainerSettings, type TrainingPlan } from './training-plan.ts';

let folder: string;
let store: ReturnType<typeof memoryStore>;
let train: Partial<TrainRecipe>;
let maxSeconds: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contender-outcome-'));
  store = memoryStore();
  train = {};
  maxSeconds = 3600;
  await mkdir(join(folder, 'in'));
  await mkdir(join(folder, 'out'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

function planned(): Omit<TrainingPlan, 'manifest'> {
  const plain = syntheticRecipe();
  const recipe = { ...plain, train: { ...plain.train, ...train } };
  return {
    key: '0123456789abcdef',
    folder,
    recipe,
    rows: { train: '', validation: null },
    settings: trainerSettings(recipe),
    maxSeconds,
  };
}

async function writeConfig(): Promise<void> {
  const base = { name: 'tiny', folder: '/models/tiny', sha256: 'a'.repeat(64) };
  await writeFile(
    join(folder, 'in', 'config.json'),
    JSON.stringify(trainerConfig(planned(), base, await reductionsOf(folder))),
  );
}

async function written(): Promise<TrainerConfig> {
  return trainerConfigSchema.parse(JSON.parse(await readFile(join(folder, 'in', 'config.json'), 'utf8')));
}

/** Looks at the ended trainer, and starts it when that is the outcome. */
async function outcome(end?: Parameters<typeof trainerOutcome>[1]): Promise<'done' | 'start'> {
  const watched: WatchedTrainer = { store, runKey: 'run', plan: planned(), writeConfig };
  const next = await trainerOutcome(watched, end);
  if (next === 'start') {
    await countStart(folder);
  }
  return next;
}

const leave = (name: string, content: object | string): Promise<void> =>
  writeFile(join(folder, 'out', name), typeof content === 'string' ? content : JSON.stringify(content));
const fail = (kind: string, more: object = {}): Promise<void> =>
  leave('failure.json', { code: 10, kind, message: `because of ${kind}`, ...more });
const logKey = 'runs/run/logs/train-0123456789abcdef.log';

describe('a trainer that is not running', () => {
  it('is started when it left nothing', async () => {
    expect(await outcome()).toBe('start');
    expect(await startsSoFar(folder)).toBe(1);
  });

  it('is done when its result is there', async () => {
    await leave('result.json', {});
    expect(await outcome()).toBe('done');
    expect(await startsSoFar(folder)).toBe(0);
  });

  it('is started again after it was interrupted, however often', async () => {
    for (let time = 1; time <= 9; time += 1) {
      expect(await outcome()).toBe('start');
      await fail('interrupted');
    }
    expect(await startsSoFar(folder)).toBe(9);
  });

  it('is given up when it died four times without a word, and gets a new chance with the next run', async () => {
    await writeFile(logFile(folder), 'Killed\n');
    for (let time = 1; time <= 4; time += 1) {
      expect(await outcome({ exitCode: null, reason: 'ended by SIGKILL' })).toBe('start');
    }
    await expect(outcome()).rejects.toMatchObject({
      type: failureTypes.trainerFailed,
      nonRetryable: true,
      message: 'the trainer died 4 times without saying why',
      details: { logKey },
    });
    expect(await outcome()).toBe('start');
  });
});

describe('a failure that the trainer explains', () => {
  it.each([
    ['data_error', failureTypes.badInput],
    ['config_error', failureTypes.badInput],
    ['base_model_error', failureTypes.badInput],
    ['out_of_memory', failureTypes.trainerFailed],
    ['loss_not_finite', failureTypes.trainerFailed],
    ['loss_exploded', failureTypes.trainerFailed],
    ['disk_full', failureTypes.noSpace],
    ['unexpected', failureTypes.trainerFailed],
  ])('%s is permanent, of type %s', async (kind, type) => {
    await fail(kind);
    await expect(outcome()).rejects.toMatchObject({
      type,
      nonRetryable: true,
      message: `the trainer stopped: because of ${kind}`,
      details: { exitCode: 10, logKey },
    });
  });

  it('disk_full names the folder that needs room, and no path of the machine', async () => {
    await fail('disk_full');
    const failure: unknown = await outcome().catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({
      details: { hint: expect.stringContaining('work/trainings/0123456789abcdef') },
    });
    expect(JSON.stringify(failure)).not.toContain(folder);
  });

  it('leaves the end of its log in the store, and nothing of it in the failure', async () => {
    await appendFile(logFile(folder), `${'x'.repeat(70_000)}\nthe last line\n`);
    await fail('unexpected');
    const failure: unknown = await outcome().catch((thrown: unknown) => thrown);
    const log = new TextDecoder().decode(await store.get(logKey));
    expect(log).toHaveLength(64 * 1024);
    expect(log.endsWith('the last line\n')).toBe(true);
    expect(JSON.stringify(failure)).not.toContain('the last line');
  });

  it('does not fail the next run before its trainer had a chance, however often it came', async () => {
    for (let time = 1; time <= 6; time += 1) {
      expect(await outcome()).toBe('start');
      await fail('out_of_memory');
      await expect(outcome()).rejects.toThrow('because of out_of_memory');
    }
  });

  it('that is not JSON is said to be so, and not quoted', async () => {
    await leave('failure.json', '{"secretrow');
    const failure: unknown = await outcome().catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ nonRetryable: true, message: expect.stringContaining('cannot be read') });
    expect(String(failure)).not.toContain('secretrow');
  });

  it('that is a link is not followed', async () => {
    const secret = join(folder, 'secret');
    await writeFile(secret, JSON.stringify({ code: 1, kind: 'unexpected', message: 'the secret' }));
    await symlink(secret, join(folder, 'out', 'failure.json'));
    await expect(outcome()).rejects.toMatchObject({
      type: failureTypes.corruptArtifact,
      message: expect.not.stringContaining('the secret'),
    });
  });

  it('of a foreign image is cut to one short line', async () => {
    train = { backend: 'container' };
    await fail('unexpected', { message: `first\nsecond\u001B[31m ${'x'.repeat(5000)}` });
    const text = String(await outcome().catch((thrown: unknown) => thrown));
    expect(text).toMatch(/the trainer stopped: first second \[31m x+$/u);
    expect(text.length).toBeLessThan(400);
  });
});

describe('an end that only the launcher explains', () => {
  it.each([
    [14, failureTypes.badInput],
    [16, failureTypes.noSpace],
    [17, failureTypes.trainerFailed],
    [127, failureTypes.badInput],
  ])('with exit code %d is permanent, of type %s', async (exitCode, type) => {
    await expect(outcome({ exitCode })).rejects.toMatchObject({ type, nonRetryable: true, details: { exitCode } });
  });

  it('with code 15 is an interruption, which counts for nothing', async () => {
    for (let time = 1; time <= 6; time += 1) {
      expect(await outcome({ exitCode: 15 })).toBe('start');
    }
  });

  it('with code 1 counts as a death', async () => {
    for (let time = 1; time <= 4; time += 1) {
      expect(await outcome({ exitCode: 1 })).toBe('start');
    }
    await expect(outcome({ exitCode: 1 })).rejects.toThrow(
      'died 4 times without saying why; the last time: exit code 1',
    );
  });

  it('in words that no other try would change is permanent', async () => {
    const reason = 'trainer@sha256:… cannot be started (ErrImagePull): no such image';
    await expect(outcome({ exitCode: null, reason })).rejects.toMatchObject({
      type: failureTypes.badInput,
      message: `the trainer stopped: ${reason}`,
    });
  });

  it('with code 0 and no result is a broken promise of a foreign image', async () => {
    train = { backend: 'container' };
    await writeConfig();
    await expect(outcome({ exitCode: 0 })).rejects.toThrow('left no result.json');
  });

  it('is overruled by what the trainer wrote', async () => {
    await fail('data_error');
    await expect(outcome({ exitCode: 1 })).rejects.toThrow('because of data_error');
  });
});

describe('a trainer that ran out of memory', () => {
  const less = { micro_batch_size: 4, gradient_accumulation_steps: 2, gradient_checkpointing: false };
  beforeEach(() => {
    train = { on_out_of_memory: 'retry', micro_batch_size: 8, gradient_accumulation_steps: 1 };
  });

  it('is started with the setting that it suggested, which is kept', async () => {
    await writeConfig();
    await fail('out_of_memory', { suggestion: less });
    expect(await outcome()).toBe('start');
    expect((await written()).train).toMatchObject(less);
    expect(await reductionsOf(folder)).toEqual([
      { from: { ...less, micro_batch_size: 8, gradient_accumulation_steps: 1 }, to: less },
    ]);
  });

  it('fails for good when the recipe does not allow it, and says what would', async () => {
    train = { ...train, on_out_of_memory: 'fail' };
    await writeConfig();
    await fail('out_of_memory', { suggestion: less });
    await expect(outcome()).rejects.toMatchObject({
      details: { hint: expect.stringContaining('on_out_of_memory') },
    });
    expect((await written()).train).toMatchObject({ micro_batch_size: 8 });
  });

  it('fails for good without a suggestion', async () => {
    await writeConfig();
    await fail('out_of_memory', { suggestion: null });
    await expect(outcome()).rejects.toThrow('because of out_of_memory');
  });

  it.each([
    ['the same setting', { micro_batch_size: 8, gradient_accumulation_steps: 1, gradient_checkpointing: false }],
    ['another number of rows a step', { ...less, gradient_accumulation_steps: 1 }],
    ['more', { micro_batch_size: 16, gradient_accumulation_steps: 1, gradient_checkpointing: false }],
  ])('fails for good when it suggests %s', async (_what, suggestion) => {
    await writeConfig();
    await fail('out_of_memory', { suggestion });
    await expect(outcome()).rejects.toMatchObject({ nonRetryable: true });
  });

  it('is started with less at most six times; then it fails, and the next run begins with the recipe again', async () => {
    train = { ...train, micro_batch_size: 1024 };
    await writeConfig();
    for (let size = 512; size >= 16; size /= 2) {
      await fail('out_of_memory', {
        suggestion: { ...less, micro_batch_size: size, gradient_accumulation_steps: 1024 / size },
      });
      expect(await outcome()).toBe('start');
      expect((await written()).train).toMatchObject({ micro_batch_size: size });
    }
    await fail('out_of_memory', { suggestion: { ...less, micro_batch_size: 8, gradient_accumulation_steps: 128 } });
    await expect(outcome()).rejects.toThrow('the trainer stopped, after 6 starts with less memory');
    await writeConfig();
    expect((await written()).train).toMatchObject({ micro_batch_size: 1024 });
  });

  it('because its container met its memory limit gets half the micro batch, and recomputed activations at last', async () => {
    train = { ...train, micro_batch_size: 2 };
    await writeConfig();
    expect(await outcome({ exitCode: 137, reason: 'OOMKilled' })).toBe('start');
    expect((await written()).train).toMatchObject({ micro_batch_size: 1, gradient_accumulation_steps: 2 });
    expect(await outcome({ exitCode: 137, reason: 'OOMKilled' })).toBe('start');
    expect((await written()).train).toMatchObject({ micro_batch_size: 1, gradient_checkpointing: true });
    await expect(outcome({ exitCode: 137, reason: 'OOMKilled' })).rejects.toThrow('memory limit of its container');
  });

  it('is not what a kill from outside says', async () => {
    await writeConfig();
    expect(await outcome({ exitCode: 137 })).toBe('start');
    expect(await reductionsOf(folder)).toEqual([]);
  });
});

describe('a training that its wall stopped', () => {
  beforeEach(async () => {
    await writeConfig();
    await leave('result.json', { stopped: 'time_limit' });
  });

  it('is done under the same wall', async () => {
    expect(await outcome()).toBe('done');
  });

  it('goes on under a higher one, once', async () => {
    maxSeconds = 7200;
    expect(await outcome({ exitCode: 0 })).toBe('start');
    expect((await written()).max_seconds).toBe(7200);
    await leave('result.json', { stopped: 'time_limit' });
    expect(await outcome({ exitCode: 0 })).toBe('done');
  });

  it('is done under any wall when it had come to its end', async () => {
    maxSeconds = 7200;
    await leave('result.json', { stopped: 'completed' });
    expect(await outcome()).toBe('done');
  });
});
