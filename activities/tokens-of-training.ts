// Token statistics of a training, from what its trainer counted while it read the rows.
import type { DatasetManifest } from '../domain/dataset.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { RunInput } from '../domain/run.ts';
import { tokenCountsSchema, type TokenStatistics } from '../domain/token-statistics.ts';
import type { TrainResult } from '../domain/training.ts';
import { tokenStatistics } from '../datasets/token-statistics.ts';
import { getBlob } from '../registry/blobs.ts';
import { parseStored } from '../registry/json.ts';
import type { ObjectStore } from '../registry/store.ts';

export interface TokensOfTraining {
  readonly recipe: Recipe;
  readonly manifest: DatasetManifest;
  readonly base: RunInput['base'];
}

/** Undefined for trainings of earlier versions and of images of one's own. */
export async function tokensOfTraining(
  store: ObjectStore,
  { tokens, trainer }: Pick<TrainResult, 'tokens' | 'trainer'>,
  { recipe, manifest, base }: TokensOfTraining,
): Promise<TokenStatistics | undefined> {
  if (tokens === undefined) {
    return undefined;
  }
  const counts = parseStored(tokens.key, await getBlob(store, tokens), tokenCountsSchema);
  // As trained: a retry after running out of memory takes smaller passes.
  const { micro_batch_size, gradient_accumulation_steps } = trainer;
  const train = {
    ...recipe.train,
    ...(micro_batch_size === null ? {} : { micro_batch_size }),
    ...(gradient_accumulation_steps === null ? {} : { gradient_accumulation_steps }),
  };
  return tokenStatistics('tokenizer', counts, { base, recipe: { ...recipe, train }, manifest }, false);
}
