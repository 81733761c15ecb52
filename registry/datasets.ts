// Dataset versions in the object store.
import { BadInput } from '../domain/bad-input.ts';
import { datasetManifestSchema, type DatasetManifest } from '../domain/dataset.ts';
import type { BlobRef } from '../domain/refs.ts';
import { textLines } from '../domain/text-lines.ts';
import { getBlobStream } from './blobs.ts';
import { getJson } from './json.ts';
import type { ObjectStore } from './store.ts';

const nameForm = /^[a-z0-9][a-z0-9-]*$/u;

/** `name@version` of every dataset version, or of those of one name, in the order of their keys. Throws BadInput for what is no name. */
export async function listDatasets(store: ObjectStore, name?: string): Promise<string[]> {
  if (name !== undefined && !nameForm.test(name)) {
    throw new BadInput(`"${name}" is no name of a dataset`, { hint: 'names are lower-case letters, digits and `-`' });
  }
  const found: string[] = [];
  for await (const key of store.list(name === undefined ? 'datasets/' : `datasets/${name}/`)) {
    const [, dataset, version] = /^datasets\/([^/]+)\/([^/]+)\/manifest\.json$/u.exec(key) ?? [];
    if (dataset !== undefined && version !== undefined) {
      found.push(`${dataset}@${version}`);
    }
  }
  return found;
}

/**
 * The manifest of a version, named `name@version`; a beginning of the version is enough where it is the only one, and a
 * name alone where it has one version. Throws BadInput for a version that is not there or not the only one.
 */
export async function findDataset(store: ObjectStore, id: string): Promise<DatasetManifest> {
  const [name = '', version = ''] = id.split('@');
  if (!nameForm.test(name) || !/^[0-9a-f]{0,16}$/u.test(version) || id.split('@').length > 2) {
    throw new BadInput(`"${id}" does not name a dataset version`, {
      hint: 'give name@version, as `contender datasets list` shows it',
    });
  }
  const all = await listDatasets(store, name);
  const [first, second] = all.filter((one) => one.startsWith(`${name}@${version}`));
  if (first === undefined || second !== undefined) {
    throw new BadInput(
      first === undefined ? `there is no dataset ${id} in the object store` : `${id} can be more than one version`,
      {
        hint:
          all.length === 0
            ? `\`contender datasets list\` shows what ${store.uri} holds`
            : `versions of ${name}: ${all.map((one) => one.slice(name.length + 1)).join(', ')}`,
      },
    );
  }
  const manifest = await getJson(store, `datasets/${first.replace('@', '/')}/manifest.json`, datasetManifestSchema);
  if (manifest === undefined) {
    throw new BadInput(`there is no dataset ${first} in the object store`);
  }
  return manifest;
}

/** The lines of a file of a dataset version, one by one. Throws CorruptArtifact at the end of a blob that is not what it was. */
export async function* linesOfBlob(store: ObjectStore, ref: BlobRef): AsyncGenerator<string> {
  yield* textLines(await getBlobStream(store, ref));
}
