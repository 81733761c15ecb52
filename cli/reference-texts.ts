// The texts that a dataset must not hold: inputs of suites and of other files that the recipe names.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { BadInput } from '../domain/bad-input.ts';
import type { DecontaminateRecipe } from '../domain/recipe-decontaminate.ts';
import type { Reference } from '../datasets/decontaminate/build-references.ts';
import { readRecords } from '../datasets/read-source.ts';
import type { ObjectStore } from '../registry/store.ts';
import type { LoadedDataset } from './load-dataset.ts';
import { loadSuite } from './load-suite.ts';
import { shippedSuites, suitePath } from './shipped-suites.ts';

/** Every text with where it stands. Paths are relative to the recipe at `path`. Throws BadInput for a file that is not there or cannot be read. */
export async function* referenceTexts(
  path: string,
  { suites, files }: Pick<DecontaminateRecipe, 'suites' | 'files'>,
  store: ObjectStore,
): AsyncGenerator<Reference> {
  const folder = dirname(path);
  for (const [index, name] of suites.entries()) {
    const shipped = await suitePath(name);
    const file = shipped === name ? resolve(folder, name) : shipped;
    if ((await stat(file).catch(() => undefined))?.isFile() !== true) {
      const names = (await shippedSuites()).map((suite) => suite.file.name);
      throw new BadInput(`there is no suite ${name}`, {
        where: `dataset.curate.decontaminate.suites.${index}`,
        hint: `give a suite file, relative to the recipe, or a shipped suite: ${names.join(', ')}`,
      });
    }
    const { suite } = await loadSuite(file, store);
    for (const { id, input } of suite.rows) {
      yield { where: `${suite.name}#${id}`, text: input };
    }
  }
  for (const [index, { path: name, format, input }] of files.entries()) {
    const local = resolve(folder, name);
    if ((await stat(local).catch(() => undefined))?.isFile() !== true) {
      throw new BadInput(`there is no file ${name}`, {
        where: `dataset.curate.decontaminate.files.${index}.path`,
        hint: 'paths are relative to the recipe',
      });
    }
    const source = { path: name, format, local, open: () => createReadStream(local) };
    for await (const record of readRecords(source, { columns: [input] }, 'drop')) {
      if ('values' in record) {
        yield { where: `${name}:${record.line}`, text: record.values[0] ?? '' };
      }
    }
  }
}

/** The dataset with the texts that no row may hold. */
export function withReferences(
  loaded: LoadedDataset,
  store: ObjectStore,
): LoadedDataset & { readonly references: () => AsyncIterable<Reference> } {
  const { decontaminate } = loaded.dataset.curate;
  const references = (): AsyncIterable<Reference> =>
    referenceTexts(loaded.path, decontaminate ?? { suites: [], files: [] }, store);
  return { ...loaded, references };
}
