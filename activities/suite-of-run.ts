// The suite that all arms of a run answer, made of the dataset version and the recipe.
import type { DatasetManifest, DatasetRow } from '../domain/dataset.ts';
import type { Recipe } from '../domain/recipe.ts';
import { labelsOf } from '../evals/label-set.ts';
import { pickShots } from '../evals/prompt.ts';
import { createRandom, shuffled } from '../evals/statistics/random.ts';
import { suiteDigest, type Suite } from '../evals/suite.ts';
import { suiteSlices } from '../evals/suite-slices.ts';
import type { ObjectStore } from '../registry/store.ts';
import { readSplit } from './run-inputs.ts';

export async function suiteOfRun(
  store: ObjectStore,
  recipe: Recipe,
  manifest: DatasetManifest,
  split: 'validation' | 'test' = 'test',
): Promise<Suite & { readonly sha256: string }> {
  const suite: Suite = {
    name: recipe.name,
    task: recipe.task,
    rows: inAskingOrder(recipe, await readSplit(store, manifest, split)),
    prompt: recipe.evaluate.prompt,
    shots: await shotsOfRun(store, recipe, manifest),
    labels: labelsOf({ ...recipe.evaluate, task: recipe.task }, manifest.labels),
    responseSchema: recipe.evaluate.response_schema,
    tools: recipe.evaluate.tools,
    parser: recipe.evaluate.parser,
    scorers: recipe.evaluate.scorers,
    slices: suiteSlices(recipe),
    repeats: recipe.evaluate.repeats,
    logprobs: recipe.evaluate.logprobs,
  };
  return { ...suite, sha256: suiteDigest(suite) };
}

/** Examples of the few-shot arm: training rows only, chosen with the split's seed. */
export async function shotsOfRun(store: ObjectStore, recipe: Recipe, manifest: DatasetManifest): Promise<DatasetRow[]> {
  const count = recipe.evaluate.arms.few_shot;
  return count === 0
    ? []
    : pickShots(await readSplit(store, manifest, 'train'), count, recipe.dataset.curate.split.seed);
}

/** Looks while asking goes on need rows in an order that says nothing about them; groups stay together. */
function inAskingOrder({ gate, dataset }: Recipe, rows: readonly DatasetRow[]): readonly DatasetRow[] {
  if (!gate.sequential.enabled) {
    return rows;
  }
  const groups = Map.groupBy(rows, ({ id, group }) => group ?? id);
  return shuffled([...groups.values()], createRandom(dataset.curate.split.seed)).flat();
}
