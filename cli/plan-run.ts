// From a recipe file to the input of a run: sources and resolved recipe stored, base found, run key computed.
import { canonicalJson, hashOf } from '../domain/canonical.ts';
import type { RunInput } from '../domain/run.ts';
import { armsOf } from '../evals/arms.ts';
import type { Settings } from '../infra/settings.ts';
import { putBlob } from '../registry/blobs.ts';
import type { ObjectStore } from '../registry/store.ts';
import { actor } from './actor.ts';
import { generationOf } from './generation.ts';
import { guardSuites } from './guard-suites.ts';
import { datasetOf } from './load-dataset.ts';
import type { LoadedRecipe } from './load-recipe.ts';
import { resolveBase, type ResolvedBase } from './resolve-base.ts';
import { runTimeouts } from './run-timeouts.ts';
import { storeReferences, storeSources } from './store-sources.ts';
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
  const sources = await storeSources(settings, store, loaded);
  const references = await storeReferences(store, datasetOf(path, recipe));
  const digests = [...sources.map(({ blob }) => blob.sha256), ...(references === undefined ? [] : [references.sha256])];
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
    ...(references === undefined ? {} : { references }),
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
