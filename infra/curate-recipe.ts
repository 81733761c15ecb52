// Curates a recipe's sources in this process, without Temporal.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { BadInput } from '../domain/bad-input.ts';
import type { Recipe } from '../domain/recipe.ts';
import { labelSetOf } from '../datasets/label-set-of.ts';
import { curate, type CurateFile, type CurateInput, type Curation } from '../datasets/curate.ts';

/** A recipe as it was loaded from a file. */
export interface RecipeFile {
  /** As the user gave it; paths of sources are relative to it. */
  readonly path: string;
  readonly recipe: Recipe;
}

/** Throws BadInput for a source that is not there and whatever curation refuses. The caller removes what it returns. */
export async function curateRecipe(
  { path, recipe }: RecipeFile,
  options: Pick<CurateInput, 'signal' | 'onProgress' | 'threads' | 'scratch'> = {},
): Promise<Curation> {
  return await curate({
    name: recipe.name,
    dataset: recipe.dataset,
    labels: labelSetOf(recipe),
    files: await filesOfRecipe(path, recipe),
    ...options,
  });
}

async function filesOfRecipe(path: string, { dataset }: Recipe): Promise<CurateFile[]> {
  const files: CurateFile[] = [];
  for (const [source, { path: name, format, encoding, delimiter }] of dataset.sources.entries()) {
    const local = resolve(dirname(path), name);
    const found = await stat(local).catch(() => undefined);
    if (found?.isFile() !== true) {
      throw new BadInput(`there is no file ${name}`, {
        where: `dataset.sources.${source}.path`,
        hint: 'paths are relative to the recipe; `npm run demo` prepares the data of the example recipes',
      });
    }
    const open = (): AsyncIterable<Uint8Array> => createReadStream(local, { highWaterMark: 2 ** 20 });
    files.push({ path: name, source, format, encoding, delimiter, local, bytes: found.size, open });
  }
  return files;
}
