// Reads what a stage refers to: the resolved recipe, the dataset manifest and the rows of a split.
import { parseLines } from './json-lines.ts';
import { datasetManifestSchema, datasetRowSchema, type DatasetManifest, type DatasetRow } from '../domain/dataset.ts';
import { recipeSchema, type Recipe } from '../domain/recipe.ts';
import type { BlobRef } from '../domain/refs.ts';
import { getBlob } from '../registry/blobs.ts';
import { parseStored } from '../registry/json.ts';
import type { ObjectStore } from '../registry/store.ts';

export async function readRecipe(store: ObjectStore, ref: BlobRef): Promise<Recipe> {
  return parseStored(ref.key, await getBlob(store, ref), recipeSchema);
}

export async function readManifest(store: ObjectStore, ref: BlobRef): Promise<DatasetManifest> {
  return parseStored(ref.key, await getBlob(store, ref), datasetManifestSchema);
}

/** Rows of one split, in the order of its file. */
export async function readSplit(
  store: ObjectStore,
  manifest: DatasetManifest,
  split: keyof DatasetManifest['splits'],
): Promise<DatasetRow[]> {
  return parseLines(await getBlob(store, manifest.splits[split].file), datasetRowSchema);
}
