// From a recipe file to the input of a run: sources and resolved recipe stored, base found, run key computed.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { BadInput } from '../domain/bad-input.ts';
import { canonicalJson, hashOf } from '../domain/canonical.ts';
import type { BlobRef } from '../domain/refs.ts';
import type { RunInput } from '../domain/run.ts';
import type { SourceRecipe } from '../domain/recipe-dataset.ts';
import { checkHeader } from '../datasets/read-source.ts';
import { armsOf } from '../evals/arms.ts';
import type { Settings } from '../infra/settings.ts';
import { putBlob } from '../registry/blobs.ts';
import type { ObjectStore } from '../registry/store.ts';
import { actor } from './actor.ts';
import { generationOf } from './generation.ts';
import { guardSuites } from './guard-suites.ts';
import type { LoadedRecipe } from './load-recipe.ts';
import { resolveBase, type ResolvedBase } from './resolve-base.ts';
import { runTimeouts } from './run-timeouts.ts';
import { storeLabels } from './store-labels.ts';
import { sweepPlan } from './sweep-plan.ts';

export interface PlanOptions {
  /** Start anew although results of this recipe are there. */
  readonly fresh: boolean;
}

/** Throws BadInput when a source or the base model is missing. Writes nothing but immutable blobs. */
export async function planRun(
  settings: Settings,
  store: ObjectStore,
  loaded: LoadedRecipe,
  { fresh }: PlanOptions,
): Promise<RunInput> {
  const { path, recipe, candidates } = loaded;
  // One after the other: hashing the weights of one base uses the disk well enough.
  const bases: ResolvedBase[] = [];
  for (const candidate of candidates) {
    bases.push(await resolveBase(settings, loaded, candidate));
  }
  const [first] = bases;
  if (first === undefined) {
    throw new RangeError('a recipe has at least one candidate');
  }
  const sources: { path: string; blob: BlobRef }[] = [];
  for (const [index, source] of recipe.dataset.sources.entries()) {
    sources.push({
      path: source.path,
      blob: await storeSource(store, resolve(dirname(path), source.path), source, index),
    });
  }
  const digests = sources.map(({ blob }) => blob.sha256);
  const sides = await guardSuites(store, recipe);
  const beside = sides.length === 0 ? {} : { sides: sides.map(({ suite }) => suite.sha256) };
  const humanLabels = await storeLabels(store, loaded.path, 'evaluate.judge', recipe.evaluate.judge);
  const labels = humanLabels?.file.sha256;
  const plainKey = hashOf(
    candidates.length === 1
      ? { recipe, sources: digests, labels, base: first.base.sha256, ...beside }
      : {
          recipes: candidates.map((one) => one.recipe),
          sources: digests,
          labels,
          bases: bases.map((one) => one.base.sha256),
          ...beside,
        },
  ).slice(0, 16);
  const generation = (await generationOf(store, plainKey)) + (fresh ? 1 : 0);
  const runKey = generation <= 1 ? plainKey : `${plainKey}-${generation}`;
  return {
    runKey,
    recipeName: recipe.name,
    recipe: await putBlob(store, canonicalJson(recipe)),
    sources,
    ...(recipe.evaluate.judge === undefined ? {} : { judged: true }),
    ...(humanLabels === undefined ? {} : { humanLabels }),
    ...first,
    priority: recipe.train.priority,
    ...(candidates.length === 1 ? {} : { sweep: await sweepPlan(store, loaded, bases) }),
    arms: armsOf(recipe),
    ...(recipe.route === undefined || !recipe.evaluate.arms.champion ? {} : { championOf: recipe.route.name }),
    ...(sides.length === 0 ? {} : { sides }),
    ...(recipe.gate.sequential.enabled ? { lookRows: recipe.gate.sequential.look_rows } : {}),
    ...(recipe.route?.approval === 'manual' ? { approval: { waitMs: recipe.route.approval_hours * 3_600_000 } } : {}),
    shardRows: recipe.evaluate.shard_rows,
    gpuQueue: recipe.train.queue,
    routed: recipe.route !== undefined,
    cacheEpoch: generation <= 1 ? '' : runKey,
    actor: actor(),
    timeouts: runTimeouts(recipe),
  };
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
  await checkHeader({ ...source, local: file, open: () => createReadStream(file) });
  return await putBlob(store, () => createReadStream(file));
}
