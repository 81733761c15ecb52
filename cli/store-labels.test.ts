import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { getBlob } from '../registry/blobs.ts';
import { memoryStore } from '../registry/memory-store.ts';
import { storeLabels } from './store-labels.ts';

const folder = await mkdtemp(join(tmpdir(), 'labels-'));
afterAll(async () => await rm(folder, { recursive: true }));

async function stored(content: string | Uint8Array | undefined) {
  if (content !== undefined) {
    await writeFile(join(folder, 'labels.csv'), content);
  }
  const store = memoryStore();
  const named = { human_labels: content === undefined ? 'gone.csv' : 'labels.csv' };
  const labels = await storeLabels(store, join(folder, 'recipe.yaml'), 'evaluate.judge', named);
  return labels === undefined ? undefined : new TextDecoder().decode(await getBlob(store, labels.file));
}

it('labels beside the recipe are stored as they are', async () => {
  const text = 'row,answer_a,answer_b,preference\nr1,x,y,a\n';
  expect(await stored(text)).toBe(text);
});

it('a judge without a file of labels, and no judge, store nothing', async () => {
  expect(await storeLabels(memoryStore(), 'recipe.yaml', 'evaluate.judge', {})).toBeUndefined();
  expect(await storeLabels(memoryStore(), 'suite.yaml', 'judge', undefined)).toBeUndefined();
});

it.each([
  ['that is missing', undefined, 'there is no file gone.csv'],
  ['without labels', 'row,answer_a,answer_b,preference\n', 'there are no labels'],
  ['that is not UTF-8', Uint8Array.of(0xff, 0xfe), 'not UTF-8'],
])('a file %s is bad input', async (_, content, problem) => {
  await expect(stored(content)).rejects.toThrow(problem);
});
