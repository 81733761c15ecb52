// Model versions: immutable registry entries, named by the hash of what they are made of.
import { hashOf } from '../domain/canonical.ts';
import { modelVersionIdSchema, modelVersionSchema } from '../domain/registry.ts';
import type { ModelVersion } from '../domain/registry.ts';
import { BadInput } from '../domain/bad-input.ts';
import { commitOnce, getJson } from './json.ts';
import type { ObjectStore } from './store.ts';

/** Digests that make a model version what it is. */
export interface ModelDigests {
  readonly artifactSha256: string;
  readonly baseSha256: string;
  readonly datasetManifestSha256: string;
}

/** `name@<12 hex digits>`: the same adapter, base and dataset have the same id everywhere. Throws ZodError for a bad name. */
export function modelVersionId(name: string, digests: ModelDigests): string {
  const { artifactSha256, baseSha256, datasetManifestSha256 } = digests;
  const version = hashOf({ artifactSha256, baseSha256, datasetManifestSha256 }).slice(0, 12);
  return modelVersionIdSchema.parse(`${name}@${version}`);
}

/**
 * Registers a model version and returns the one the registry holds: when its id is taken, the first one stays,
 * with the lineage of the run that made it first.
 */
export async function putModelVersion(store: ObjectStore, model: ModelVersion): Promise<ModelVersion> {
  return commitOnce(store, modelKey(model.id), model, modelVersionSchema);
}

/** The model version, or undefined when it is not registered. Throws BadInput when the id is no `name@version`. */
export async function getModelVersion(store: ObjectStore, id: string): Promise<ModelVersion | undefined> {
  return getJson(store, modelKey(id), modelVersionSchema);
}

/** Ids of all registered model versions in code-unit order, those of one name when given. */
export async function* listModelVersions(store: ObjectStore, name?: string): AsyncGenerator<string> {
  for await (const key of store.list(name === undefined ? modelsPrefix : `${modelsPrefix}${name}/`)) {
    const [, model, version] = /\/([^/]+)\/([0-9a-f]{12})\.json$/u.exec(key) ?? [];
    if (model !== undefined && version !== undefined) {
      yield `${model}@${version}`;
    }
  }
}

const modelsPrefix = 'registry/models/';

function modelKey(id: string): string {
  if (!modelVersionIdSchema.safeParse(id).success) {
    throw new BadInput(`"${id}" is not a model version`, { hint: 'Model versions look like name@0123456789ab.' });
  }
  return `${modelsPrefix}${id.replace('@', '/')}.json`;
}
