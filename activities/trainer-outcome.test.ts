import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureTypes } from '../domain/failures.ts';
import { memoryStore } from '../registry/memory-store.ts';
import type { ActivityDeps } from './deps.ts';
import { logFile } from './launch/process.ts';
import { startsSoFar, trainerOutcome } from './trainer-outcome.ts';

let folder: string;
let deps: ActivityDeps;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contender-outcome-'));
  deps = {
    store: memoryStore(),
    workFolder: folder,
    python: 'python3',
    trainerRoot: folder,
    hostname: 'here',
    findBase: () => Promise.reject(new Error('not asked for')),
    secret: () => undefined,
    now: () => new Date(0),
  };
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const outcome = () => trainerOutcome(deps, 'key', folder);
const fail = (kind: string) =>
  writeFile(join(folder, 'failure.json'), JSON.stringify({ code: 10, kind, message: `because of ${kind}` }));

describe('a trainer that is not running', () => {
  it('is started when it left nothing', async () => {
    expect(await outcome()).toBe('start');
    expect(await startsSoFar(folder)).toBe(1);
  });

  it('is done when its result is there', async () => {
    await writeFile(join(folder, 'result.json'), '{}');
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
      expect(await outcome()).toBe('start');
    }
    await expect(outcome()).rejects.toMatchObject({
      type: failureTypes.trainerFailed,
      nonRetryable: true,
      message: 'the trainer died 4 times without saying why',
      details: [{ logKey: 'runs/key/logs/train.log' }],
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
    ['unexpected', failureTypes.trainerFailed],
  ])('%s is permanent, of type %s', async (kind, type) => {
    await fail(kind);
    await expect(outcome()).rejects.toMatchObject({
      type,
      nonRetryable: true,
      message: `the trainer stopped: because of ${kind}`,
      details: [{ exitCode: 10, logKey: 'runs/key/logs/train.log' }],
    });
  });

  it('leaves the end of its log in the store, and nothing of it in the failure', async () => {
    await appendFile(logFile(folder), `${'x'.repeat(70_000)}\nthe last line\n`);
    await fail('unexpected');
    const failure: unknown = await outcome().catch((thrown: unknown) => thrown);
    const log = new TextDecoder().decode(await deps.store.get('runs/key/logs/train.log'));
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
});
