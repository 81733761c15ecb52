import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../domain/canonical.ts';
import type { DatasetManifest, DatasetRow } from '../domain/dataset.ts';
import { failureTypes } from '../domain/failures.ts';
import { rowResultSchema, type RowResult } from '../domain/scorecard.ts';
import type { AskInput, AskResult } from '../domain/stage-inputs.ts';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import { armsOf } from '../evals/arms.ts';
import { getBlob, putBlob } from '../registry/blobs.ts';
import { memoryStore } from '../registry/memory-store.ts';
import type { ObjectStore } from '../registry/store.ts';
import { ask } from './ask.ts';
import { localEndpoint, type LocalAnswer } from './clients/local-endpoint.ts';
import type { ActivityDeps } from './deps.ts';
import { parseLines, toLines } from './json-lines.ts';
import { syntheticDeps } from './synthetic-deps.ts';

const rows: DatasetRow[] = ['sky', 'sea', 'grass'].map((input, index) => ({
  id: `row-${index}`,
  input,
  output: index === 2 ? 'green' : 'blue',
  origin: { file: 'rows.csv', line: index + 2 },
}));

const answered = (content: string): LocalAnswer => ({
  body: {
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
    usage: { prompt_tokens: 10, completion_tokens: 1 },
  },
});

const workFolder = await mkdtemp(join(tmpdir(), 'ask-'));
afterAll(async () => await rm(workFolder, { recursive: true }));

function depsOf(store: ObjectStore, keys: Record<string, string>): ActivityDeps {
  return syntheticDeps({ store, workFolder, secret: (name) => keys[name] });
}

interface Situation {
  readonly store: ObjectStore;
  readonly url: string;
  readonly runKey?: string;
  readonly budgetUsd?: number;
  readonly keys?: Record<string, string>;
}

/** Asks the one baseline of a recipe, an endpoint at `url`, for all rows. */
async function askAll({ store, url, runKey = 'run-1', budgetUsd, keys = { TEAM_KEY: 'sk-test' } }: Situation) {
  const recipe = syntheticRecipe((draft) => {
    draft.evaluate.baselines = [
      {
        provider: 'openai-compatible',
        model: 'm',
        base_url: `${url}/v1`,
        api_key_env: 'TEAM_KEY',
        max_concurrency: 1,
        price: { input: 1, output: 1 },
        ...(budgetUsd === undefined ? {} : { budget_usd: budgetUsd }),
      },
    ];
  });
  const file = await putBlob(store, toLines(rows));
  const split = { rows: rows.length, groups: 0, file };
  const manifest: DatasetManifest = {
    name: 'colours',
    version: '0123456789abcdef',
    sources: [],
    settings: {},
    read: 3,
    kept: 3,
    dropped: {},
    labels: ['blue', 'green'],
    splits: { train: split, validation: split, test: split },
    droppedRows: file,
  };
  const arm = armsOf(recipe).find(({ kind }) => kind === 'baseline');
  if (arm === undefined) {
    throw new Error('the recipe has no baseline');
  }
  const input: AskInput = {
    runKey,
    recipe: await putBlob(store, canonicalJson(recipe)),
    manifest: await putBlob(store, canonicalJson(manifest)),
    arm,
    identity: `${arm.provider}/${arm.model}`,
    cacheEpoch: '',
    paidUsd: 0,
    shard: 0,
    from: 0,
    to: rows.length,
  };
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const result: AskResult = await environment.run(ask, depsOf(store, keys), input);
  const results: RowResult[] = parseLines(await getBlob(store, result.results), rowResultSchema);
  return { ...result, results };
}

const shardsOf = async (store: ObjectStore): Promise<string[]> => await Array.fromAsync(store.list('runs/'));

describe('a shard that was answered', () => {
  it('is scored row by row, in the order of the rows, and committed', async () => {
    await using endpoint = await localEndpoint(answered('blue'));
    const store = memoryStore();
    const { n, correct, paidUsd, results } = await askAll({ store, url: endpoint.url });
    expect({ n, correct }).toEqual({ n: 3, correct: 2 });
    expect(paidUsd).toBeCloseTo(33e-6, 12);
    expect(results.map(({ rowId, score }) => [rowId, score])).toEqual([
      ['row-0', 1],
      ['row-1', 1],
      ['row-2', 0],
    ]);
    expect(await shardsOf(store)).toHaveLength(1);
  });

  it('is not asked again by the same run, nor paid again by another', async () => {
    await using endpoint = await localEndpoint(answered('blue'));
    const store = memoryStore();
    await askAll({ store, url: endpoint.url });
    await askAll({ store, url: endpoint.url });
    const other = await askAll({ store, url: endpoint.url, runKey: 'run-2' });
    expect(endpoint.requests).toHaveLength(3);
    expect(other.paidUsd).toBe(0);
    expect(other.results.every(({ cached }) => cached)).toBe(true);
  });

  it('says nothing for another endpoint that serves a model of the same name', async () => {
    await using first = await localEndpoint(answered('blue'));
    await using second = await localEndpoint(answered('green'));
    const store = memoryStore();
    await askAll({ store, url: first.url });
    expect((await askAll({ store, url: second.url, runKey: 'run-2' })).correct).toBe(1);
    expect(second.requests).toHaveLength(3);
  });
});

describe('a shard with rows that were not answered', () => {
  it('for want of budget counts them as errors and is not kept', async () => {
    await using endpoint = await localEndpoint(answered('blue'));
    const store = memoryStore();
    // The longest answer is 64 tokens, so one request may cost about 80 millionths of a dollar.
    const { results } = await askAll({ store, url: endpoint.url, budgetUsd: 95e-6 });
    expect(results.map(({ error }) => error)).toEqual([undefined, undefined, 'the budget is spent']);
    expect(await shardsOf(store)).toEqual([]);
  });

  it('because the endpoint refuses them counts them as errors and is not kept', async () => {
    await using endpoint = await localEndpoint({ status: 400, body: { error: { code: 'context_length_exceeded' } } });
    const store = memoryStore();
    const { results, correct } = await askAll({ store, url: endpoint.url });
    expect(correct).toBe(0);
    expect(results.every(({ answer, error }) => answer === null && error?.includes('answered 400'))).toBe(true);
    expect(await shardsOf(store)).toEqual([]);
  });
});

describe('an endpoint that no row can be asked of ends the shard for good', () => {
  it('because the key is wrong', async () => {
    await using endpoint = await localEndpoint({ status: 401, body: { error: { code: 'invalid_api_key' } } });
    await expect(askAll({ store: memoryStore(), url: endpoint.url })).rejects.toMatchObject({
      type: failureTypes.providerRefused,
      nonRetryable: true,
    });
    expect(endpoint.requests).toHaveLength(1);
  });

  it('because the key is not set on the worker, naming the variable', async () => {
    await expect(askAll({ store: memoryStore(), url: 'http://127.0.0.1:9', keys: {} })).rejects.toMatchObject({
      name: failureTypes.badInput,
      message: expect.stringContaining('TEAM_KEY'),
    });
  });
});
