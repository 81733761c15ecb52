import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import { getBlob } from '../registry/blobs.ts';
import { memoryStore } from '../registry/memory-store.ts';
import { storeLabels } from './store-labels.ts';

const folder = await mkdtemp(join(tmpdir(), 'labels-'));
afterAll(async () => await rm(folder, { recursive: true }));

async function stored(content: string | Uint8Array | undefined) {
  if (content !== undefined) {
    await writeFile(join(folder, 'labels.csv'), content);
  }
  const recipe = syntheticRecipe((draft) => {
    draft.task = 'generation';
    draft.evaluate = {
      baselines: [{ provider: 'openai', model: 'm' }],
      scorers: ['judge_preference'],
      judge: {
        panel: [{ provider: 'mistral', model: 'j' }],
        criteria: 'Right.',
        human_labels: content === undefined ? 'gone.csv' : 'labels.csv',
      },
    };
    draft.gate = { metric: 'judge_preference' };
  });
  const store = memoryStore();
  const path = join(folder, 'recipe.yaml');
  const labels = await storeLabels(store, { path, recipe, candidates: [{ id: 'c1', label: '', recipe }] });
  return labels === undefined ? undefined : new TextDecoder().decode(await getBlob(store, labels.file));
}

it('labels beside the recipe are stored as they are', async () => {
  const text = 'row,answer_a,answer_b,preference\nr1,x,y,a\n';
  expect(await stored(text)).toBe(text);
});

it('a recipe without a file of labels stores nothing', async () => {
  const recipe = syntheticRecipe();
  const loaded = { path: 'recipe.yaml', recipe, candidates: [{ id: 'c1', label: '', recipe }] };
  expect(await storeLabels(memoryStore(), loaded)).toBeUndefined();
});

it.each([
  ['that is missing', undefined, 'there is no file gone.csv'],
  ['without labels', 'row,answer_a,answer_b,preference\n', 'there are no labels'],
  ['that is not UTF-8', Uint8Array.of(0xff, 0xfe), 'not UTF-8'],
])('a file %s is bad input', async (_, content, problem) => {
  await expect(stored(content)).rejects.toThrow(problem);
});
