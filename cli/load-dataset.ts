// Reads what `contender curate` needs of a recipe file: a whole recipe, or a file with `name` and `dataset` alone.
import { z } from 'zod';
import { datasetProblems, datasetSchema, type DatasetRecipe } from '../domain/recipe-dataset.ts';
import { nameSchema, type Recipe } from '../domain/recipe.ts';
import { labelSetOf } from '../datasets/label-set-of.ts';
import { loadRecipe } from './load-recipe.ts';
import { checkedValue, readYamlFile } from './yaml-file.ts';

/** A dataset to be curated. */
export interface LoadedDataset {
  /** Path of the file as the user gave it; paths of sources are relative to it. */
  readonly path: string;
  readonly name: string;
  readonly dataset: DatasetRecipe;
  /** The label set, when the recipe states one. */
  readonly labels: readonly string[] | undefined;
  /** True when the training method needs a worse answer beside every answer. */
  readonly rejectedNeeded: boolean;
  /** The first candidate of a whole recipe; absent for a file with name and dataset alone. */
  readonly recipe?: Recipe;
}

const datasetFileSchema = z
  .strictObject({ name: nameSchema, dataset: datasetSchema })
  .superRefine(({ dataset }, context) => {
    for (const { path, message } of datasetProblems(dataset)) {
      context.addIssue({ code: 'custom', path: ['dataset', ...path], message });
    }
  });

/** Throws BadInput with one line a problem. */
export async function loadDataset(path: string): Promise<LoadedDataset> {
  const hint = 'give the path of a recipe file, for example recipes/icd10-chapters.yaml';
  const file = await readYamlFile(path, { what: 'recipe', schema: datasetFileSchema, hint });
  const keys = typeof file.value === 'object' && file.value !== null ? Object.keys(file.value) : [];
  if (keys.length > 0 && keys.every((key) => key === 'name' || key === 'dataset')) {
    const { name, dataset } = checkedValue(file, datasetFileSchema, 'docs/recipe.md lists every field');
    return { path, name, dataset, labels: dataset.curate.labels, rejectedNeeded: false };
  }
  const { recipe } = await loadRecipe(path);
  return datasetOf(path, recipe);
}

/** The dataset of a recipe that is loaded already. */
export function datasetOf(path: string, recipe: Recipe): LoadedDataset {
  return {
    path,
    name: recipe.name,
    dataset: recipe.dataset,
    labels: labelSetOf(recipe),
    rejectedNeeded: recipe.train.method === 'dpo',
    recipe,
  };
}
