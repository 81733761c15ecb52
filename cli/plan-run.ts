// From a recipe file to the input of a run: sources and resolved recipe stored, base found, run key computed.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, isAbsolute, resolve } from 'node:path';
import { BadInput } from '../domain/bad-input.ts';
import { canonicalJson, hashOf } from '../domain/canonical.ts';
import type { BlobRef } from '../domain/refs.ts';
import type { RunInput } from '../domain/run.ts';
import type { SourceRecipe } from '../domain/recipe-dataset.ts';
import { checkHeader } from '../datasets/read-source.ts';
import { armsOf } from '../evals/arms.ts';
import { findBase, linkBase } from '../infra/base-models.ts';
import type { Settings } from '../infra/settings.ts';
import { putBlob } from '../registry/blobs.ts';
import type { ObjectStore } from '../registry/store.ts';
import type { LoadedRecipe } from './load-recipe.ts';
import { runTimeouts } from './run-timeouts.ts';

export interface PlanOptions {
  /** Start anew although results of this recipe are there. */
  readonly fresh: boolean;
}

/** Throws BadInput when a source or the base model is missing. Writes nothing but immutable blobs. */
export async function planRun(
  settings: Settings,
  store: ObjectStore,
  { path, recipe }: LoadedRecipe,
  { fresh }: PlanOptions,
): Promise<RunInput> {
  const baseName = isFolderPath(recipe.model.base)
    ? await linkBase(settings.home, resolve(dirname(path), recipe.model.base))
    : recipe.model.base;
  const base = await findBase(settings.home, baseName);
  const sources: { path: string; blob: BlobRef }[] = [];
  for (const [index, source] of recipe.dataset.sources.entries()) {
    sources.push({
      path: source.path,
      blob: await storeSource(store, resolve(dirname(path), source.path), source, index),
    });
  }
  const plainKey = hashOf({ recipe, sources: sources.map(({ blob }) => blob.sha256), base: base.sha256 }).slice(0, 16);
  const generation = (await latestGeneration(store, plainKey)) + (fresh ? 1 : 0);
  const runKey = generation <= 1 ? plainKey : `${plainKey}-${generation}`;
  return {
    runKey,
    recipeName: recipe.name,
    recipe: await putBlob(store, canonicalJson(recipe)),
    sources,
    base: { name: base.name, sha256: base.sha256 },
    arms: armsOf(recipe),
    shardRows: recipe.evaluate.shard_rows,
    gpuQueue: recipe.train.queue,
    routed: recipe.route !== undefined,
    cacheEpoch: generation <= 1 ? '' : runKey,
    actor: actor(),
    timeouts: runTimeouts(recipe),
  };
}

/** Runs of one key are numbered 1 (without suffix), 2, 3 …; a fresh run takes the next number. 0 when none ran. */
async function latestGeneration(store: ObjectStore, plainKey: string): Promise<number> {
  let latest = 0;
  for await (const key of store.list(`runs/${plainKey}`)) {
    const [, suffix] = /^runs\/[0-9a-f]{16}(?:-(\d+))?\//u.exec(key) ?? [];
    latest = Math.max(latest, Number(suffix ?? 1));
  }
  return latest;
}

async function storeSource(store: ObjectStore, file: string, source: SourceRecipe, index: number): Promise<BlobRef> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) {
    throw new BadInput(`there is no file ${source.path}`, {
      where: `dataset.sources.${index}.path`,
      hint: 'paths are relative to the recipe; `npm run demo` prepares the data of the example recipes',
    });
  }
  // Here and not only in the run: what a wrong header says may quote the first row, which must not enter history.
  await checkHeader({ ...source, sha256: '', bytes: found.size, open: () => createReadStream(file) });
  return await putBlob(store, () => createReadStream(file));
}

function isFolderPath(base: string): boolean {
  return isAbsolute(base) || base.startsWith('.');
}

function actor(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
