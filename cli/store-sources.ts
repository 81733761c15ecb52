// Stores what a run's curation reads: the files of its sources, and the texts that no row may hold.
import { canonicalJson } from '../domain/canonical.ts';
import { secretFileVariable } from '../domain/provider-keys.ts';
import type { DatasetRecipe } from '../domain/recipe-dataset.ts';
import type { BlobRef } from '../domain/refs.ts';
import type { RunInput } from '../domain/run.ts';
import { createRowSteps } from '../datasets/engine/row-steps.ts';
import { checkHeader } from '../datasets/read-source.ts';
import { filesOfSources } from '../infra/curate-recipe.ts';
import { secretOf } from '../infra/secrets.ts';
import type { Settings } from '../infra/settings.ts';
import { putBlob } from '../registry/blobs.ts';
import type { ObjectStore } from '../registry/store.ts';
import type { LoadedDataset } from './load-dataset.ts';
import type { LoadedRecipe } from './load-recipe.ts';
import { referenceTexts } from './reference-texts.ts';

/**
 * Variables whose values curation needs, of those that are set. Throws BadInput for settings that a step of curation cannot use,
 * such as a secret that is not set, so that it is said before anything is started.
 */
export async function curationVariables({ environment }: Settings, { curate }: DatasetRecipe): Promise<string[]> {
  const name = curate.pii === false || curate.pii.action !== 'pseudonym' ? undefined : curate.pii.key;
  const piiKey = name === undefined ? undefined : secretOf(environment, name);
  await createRowSteps({ curate, ...(piiKey === undefined ? {} : { piiKey }) });
  const holders = name === undefined ? [] : [name, secretFileVariable(name)];
  return holders.filter((one) => (environment[one] ?? '') !== '').slice(0, 1);
}

/** Every file of every source, in order. Throws BadInput for one that is not there or whose first record does not fit. */
export async function storeSources(
  { environment }: Settings,
  store: ObjectStore,
  { path, recipe }: Pick<LoadedRecipe, 'path' | 'recipe'>,
): Promise<RunInput['sources']> {
  const stored: RunInput['sources'][number][] = [];
  for (const file of await filesOfSources(path, recipe.dataset, environment)) {
    const source = recipe.dataset.sources[file.source];
    if (source !== undefined) {
      // Here and not only in the run: what a wrong header says may quote the first row, which must not enter history.
      await checkHeader({ ...source, ...file });
    }
    const { revision } = file;
    stored.push({
      path: file.path,
      blob: await putBlob(store, file.open),
      source: file.source,
      ...(revision === undefined ? {} : { revision }),
    });
  }
  return stored;
}

/** The texts of the recipe's `decontaminate` block as one blob; undefined without one. */
export async function storeReferences(
  store: ObjectStore,
  { path, dataset }: Pick<LoadedDataset, 'path' | 'dataset'>,
): Promise<BlobRef | undefined> {
  const { decontaminate } = dataset.curate;
  if (decontaminate === undefined) {
    return undefined;
  }
  const settings = decontaminate;
  async function* lines(): AsyncGenerator<string> {
    for await (const reference of referenceTexts(path, settings, store)) {
      yield `${canonicalJson(reference)}\n`;
    }
  }
  return await putBlob(store, lines);
}
