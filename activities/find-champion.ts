// The model that holds a route, as far as it must be served to answer the same rows as the candidate.
import type { BlobRef } from '../domain/refs.ts';
import type { ChampionModel } from '../domain/stage-inputs.ts';
import { getModelVersion } from '../registry/models.ts';
import { readLog } from '../registry/read-log.ts';
import { championOf } from '../registry/routes.ts';
import { CorruptArtifact } from '../registry/store-errors.ts';
import type { ActivityDeps } from './deps.ts';
import { readRecipe } from './run-inputs.ts';

export interface FindChampionInput {
  readonly route: string;
  /** The candidate: its adapter, base and recipe. */
  readonly adapter: BlobRef;
  readonly base: ChampionModel['base'];
  readonly recipe: BlobRef;
}

/** Null when the route has no champion yet, and when the champion has the candidate's own weights. */
export async function findChampion(
  { store }: ActivityDeps,
  { route, adapter, base, recipe }: FindChampionInput,
): Promise<ChampionModel | null> {
  const id = championOf(await readLog(store), route);
  if (id === null) {
    return null;
  }
  const model = await getModelVersion(store, id);
  if (model === undefined) {
    throw new CorruptArtifact(`registry/models of ${id}`, 'is missing, although the log promoted it');
  }
  if (model.artifact.sha256 === adapter.sha256) {
    return null;
  }
  const { train } = await readRecipe(store, model.lineage.recipe);
  const own = await readRecipe(store, recipe);
  const quantized = train.adapter === 'qlora';
  return {
    modelVersion: id,
    base: { name: model.base.name, sha256: model.base.sha256 },
    adapter: model.artifact,
    quantized,
    sameServer: model.base.sha256 === base.sha256 && quantized === (own.train.adapter === 'qlora'),
  };
}
