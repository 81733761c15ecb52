// Token statistics of a dataset version for a recipe's base and settings, stored beside the version.
import { splitNames } from '../domain/split-names.ts';
import { basename } from 'node:path';
import type { DatasetManifest } from '../domain/dataset.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { TokenStatistics } from '../domain/token-statistics.ts';
import { tokenStatistics } from '../datasets/token-statistics.ts';
import { guessCounts } from '../evals/preflight/guessed-counts.ts';
import type { RowCharacters } from '../evals/preflight/guessed-tokens.ts';
import { baseDigest } from '../infra/base-models.ts';
import { countTokens, isSampled, rowsToCount, type CountInput } from '../infra/count-tokens.ts';
import { storeTokens } from '../infra/store-curation.ts';
import type { ObjectStore } from '../registry/store.ts';
import type { CommandContext } from './command.ts';
import { plannedBase } from './plan-base.ts';
import { charactersOf, plannedRows } from './plan-rows.ts';

export interface StoredTokens {
  readonly statistics: TokenStatistics;
  /** Place in the object store. */
  readonly key: string;
}

export interface TokensInput {
  /** Path of the recipe, relative to which its base may be. */
  readonly path: string;
  readonly recipe: Recipe;
  readonly manifest: DatasetManifest;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Counts by the base's own tokenizer where the base is on this machine, else estimates from characters. Throws BadInput
 * for a base that is nowhere, where the trainer's Python is missing, and for rows that training would refuse, but for
 * rows that are too long, which are counted.
 */
export async function storeTokensOf(
  { settings, store }: Pick<CommandContext, 'settings' | 'store'>,
  { path, recipe, manifest, signal }: TokensInput,
): Promise<StoredTokens> {
  const { name, folder } = await plannedBase(settings.home, path, recipe);
  const statistics =
    folder === undefined
      ? await estimated(store, name, recipe, manifest)
      : await counted({ settings, store }, { recipe, manifest, folder, signal });
  return { statistics, key: await storeTokens(store, manifest, statistics) };
}

async function counted(
  { settings, store }: Pick<CommandContext, 'settings' | 'store'>,
  input: CountInput,
): Promise<TokenStatistics> {
  const { recipe, manifest, folder } = input;
  const { splits, layout } = await countTokens(settings, store, input);
  // A folder is known to runs by its own name.
  const base = { name: basename(folder), sha256: await baseDigest(settings.home, folder) };
  // An image of one's own lays rows out as it likes.
  const known = recipe.train.backend === 'container' ? { splits } : { splits, layout };
  return tokenStatistics('tokenizer', known, { base, recipe, manifest }, isSampled(manifest));
}

async function estimated(
  store: ObjectStore,
  name: string,
  recipe: Recipe,
  manifest: DatasetManifest,
): Promise<TokenStatistics> {
  const splits: TokenStatistics['splits'] = {};
  for (const split of splitNames) {
    const characters: RowCharacters[] = [];
    for await (const row of rowsToCount(store, manifest, split, recipe.train.seed)) {
      characters.push(...plannedRows(recipe, [row]).map((one) => charactersOf(one)));
    }
    const guess = guessCounts(characters, recipe.train.sequence_len);
    if (guess !== undefined) {
      splits[split] = guess;
    }
  }
  return tokenStatistics('estimate', { splits }, { base: { name, sha256: null }, recipe, manifest }, true);
}
