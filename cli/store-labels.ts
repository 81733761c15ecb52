// The file with preferences of people that a judge block names: checked, and stored with the inputs.
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { BadInput } from '../domain/bad-input.ts';
import type { JudgeRecipe } from '../domain/recipe-judge.ts';
import type { RunInput } from '../domain/run.ts';
import { readHumanLabels } from '../evals/judge/human-labels.ts';
import { putBlob } from '../registry/blobs.ts';
import type { ObjectStore } from '../registry/store.ts';

/**
 * Undefined when the block names no file. Throws BadInput when it is missing or holds no labels.
 *
 * @param path path of the recipe or suite file
 * @param field where the block is in it
 */
export async function storeLabels(
  store: ObjectStore,
  path: string,
  field: 'judge' | 'evaluate.judge',
  judge: Pick<JudgeRecipe, 'human_labels'> | undefined,
): Promise<RunInput['humanLabels'] | undefined> {
  const labels = judge?.human_labels;
  if (labels === undefined) {
    return undefined;
  }
  const bytes = await readFile(resolve(dirname(path), labels)).catch((error: unknown) => {
    throw new BadInput(`there is no file ${labels}`, {
      where: `${path}: ${field}.human_labels`,
      hint: 'paths are relative to the file that names them',
      cause: error,
    });
  });
  const name = basename(labels);
  // Here and not only in the run: a wrong file should cost nothing.
  readHumanLabels(decoded(bytes, labels), name);
  return { name, file: await putBlob(store, bytes) };
}

function decoded(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new BadInput('the file is not UTF-8', { where, hint: 'Save the file as UTF-8.', cause: error });
  }
}
