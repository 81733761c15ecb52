import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import { loadSettings, type Settings } from '../infra/settings.ts';
import { memoryStore } from '../registry/memory-store.ts';
import type { ObjectStore } from '../registry/store.ts';
import { planRun } from './plan-run.ts';

let folder: string;
let settings: Settings;
let store: ObjectStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contender-plan-'));
  settings = loadSettings({}, { CONTENDER_HOME: folder }, folder);
  store = memoryStore();
  await makeModel(join(folder, 'models', 'tiny'), 'weights');
  await writeFile(join(folder, 'rows.csv'), 'text,label\na,b\n');
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

async function makeModel(path: string, weights: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'config.json'), '{}');
  await writeFile(join(path, 'model.safetensors'), weights);
}

async function plan(recipe = syntheticRecipe(), fresh = false) {
  const candidates = [{ id: 'c1', label: '', recipe }];
  return await planRun(settings, store, { path: join(folder, 'recipe.yaml'), recipe, candidates }, { fresh });
}

describe('the run key', () => {
  it('is equal for the same recipe, data and base', async () => {
    const first = await plan();
    expect(first.runKey).toMatch(/^[0-9a-f]{16}$/u);
    expect((await plan()).runKey).toBe(first.runKey);
  });

  it('changes with the recipe, the data and the base', async () => {
    const keys = [(await plan()).runKey];
    keys.push((await plan(syntheticRecipe((draft) => (draft.train = { lora_r: 4 })))).runKey);
    await writeFile(join(folder, 'rows.csv'), 'text,label\na,c\n');
    keys.push((await plan()).runKey);
    await makeModel(join(folder, 'models', 'tiny'), 'other weights');
    keys.push((await plan()).runKey);
    expect(new Set(keys).size).toBe(4);
  });

  it('is numbered for runs with --fresh, and a plain run goes on with the latest', async () => {
    const first = await plan(syntheticRecipe(), true);
    expect(first).toMatchObject({ runKey: expect.stringMatching(/^[0-9a-f]{16}$/u), cacheEpoch: '' });
    await store.put(`runs/${first.runKey}/curate.json`, '{}');
    const second = await plan(syntheticRecipe(), true);
    expect(second).toMatchObject({ runKey: `${first.runKey}-2`, cacheEpoch: `${first.runKey}-2` });
    await store.put(`runs/${second.runKey}/curate.json`, '{}');
    expect((await plan(syntheticRecipe(), true)).runKey).toBe(`${first.runKey}-3`);
    expect((await plan()).runKey).toBe(second.runKey);
  });

  it('counts numbers, not digits: the tenth fresh run is followed by the eleventh', async () => {
    const { runKey } = await plan();
    for (const suffix of ['', '-2', '-9', '-10']) {
      await store.put(`runs/${runKey}${suffix}/curate.json`, '{}');
    }
    expect((await plan(syntheticRecipe(), true)).runKey).toBe(`${runKey}-11`);
  });
});

describe('what a plan refers to', () => {
  it('stores recipe and sources as blobs', async () => {
    const run = await plan();
    expect(new TextDecoder().decode(await store.get(run.sources[0]?.blob.key ?? ''))).toBe('text,label\na,b\n');
    expect(new TextDecoder().decode(await store.get(run.recipe.key))).toContain('"name":"colours"');
  });

  it('takes a base by its folder, relative to the recipe', async () => {
    await makeModel(join(folder, 'My-Model'), 'weights');
    const run = await plan(syntheticRecipe((draft) => (draft.model.base = './My-Model')));
    expect(run.base.name).toBe('my-model');
  });
});

describe('a plan is refused', () => {
  it.each(['missing.csv', '.'])('for the source %s, which is no file, naming its field', async (path) => {
    const recipe = syntheticRecipe((draft) => {
      draft.dataset.sources.push({ path, map: { input: 'text', output: 'label' } });
    });
    await expect(plan(recipe)).rejects.toMatchObject({
      message: path === '.' ? '. is a folder' : `there is no file ${path}`,
      where: 'dataset.sources.1.path',
    });
  });

  it('for a base folder that is not there', async () => {
    const recipe = syntheticRecipe((draft) => (draft.model.base = './nowhere'));
    await expect(plan(recipe)).rejects.toMatchObject({ where: 'model.base' });
  });
});

const swept = async (...ranks: number[]) => {
  const recipes = ranks.map((rank) => syntheticRecipe((draft) => (draft.train = { lora_r: rank })));
  const candidates = recipes.map((recipe, index) => ({
    id: `c${index + 1}`,
    label: `lora_r ${ranks[index] ?? 0}`,
    recipe,
  }));
  const recipe = recipes[0] ?? syntheticRecipe();
  return await planRun(settings, store, { path: join(folder, 'recipe.yaml'), recipe, candidates }, { fresh: false });
};

describe('a recipe with several candidates', () => {
  it('has one run key for all of them, another for other values', async () => {
    const keys = [(await swept(8, 16)).runKey, (await swept(8, 16)).runKey, (await swept(8, 32)).runKey];
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).not.toBe(keys[2]);
    expect(keys[0]).not.toBe((await swept(8)).runKey);
  });

  it('stores the recipe of each, with single values', async () => {
    const { sweep } = await swept(8, 16);
    const stored = await Promise.all(
      (sweep?.candidates ?? []).map(async ({ recipe }) => new TextDecoder().decode(await store.get(recipe.key))),
    );
    expect(stored.map((text) => /"lora_r":(\d+)/u.exec(text)?.[1])).toEqual(['8', '16']);
    expect(sweep).toMatchObject({ parallelism: 1, maxSeconds: null, validationRows: 1 });
  });
});
