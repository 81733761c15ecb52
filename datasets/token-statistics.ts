// Puts what was counted beside the settings that it was counted for.
import { hashOf } from '../domain/canonical.ts';
import type { DatasetManifest } from '../domain/dataset.ts';
import type { CountedSettings, TokenCounts, TokenStatistics } from '../domain/token-statistics.ts';

export interface CountedFor {
  readonly base: TokenStatistics['base'];
  readonly recipe: {
    readonly train: CountedSettings;
    readonly evaluate: { readonly prompt: unknown; readonly tools?: unknown };
  };
  readonly manifest: Pick<DatasetManifest, 'splits'>;
}

/** Steps follow from all rows of the split; rows in which nothing is learnt, which take no step, where all were counted. */
export function tokenStatistics(
  how: TokenStatistics['how'],
  counted: Pick<TokenCounts, 'splits'> & { readonly layout?: TokenCounts['layout'] },
  { base, recipe: { train, evaluate }, manifest }: CountedFor,
  sampled: boolean,
): TokenStatistics {
  const { method, sequence_len, micro_batch_size, gradient_accumulation_steps, packing, group_by_length, num_epochs } =
    train;
  const { splits } = manifest;
  const rows = sampled ? splits.train.rows : (counted.splits.train?.rows ?? 0);
  const stepsPerEpoch = Math.ceil(rows / (micro_batch_size * gradient_accumulation_steps));
  return {
    base,
    how,
    settings: {
      method,
      sequence_len,
      micro_batch_size,
      gradient_accumulation_steps,
      packing,
      group_by_length,
      num_epochs,
    },
    asked: hashOf({ prompt: evaluate.prompt, tools: evaluate.tools ?? null }),
    splits: counted.splits,
    of: { train: splits.train.rows, validation: splits.validation.rows, test: splits.test.rows },
    ...(counted.layout === undefined ? {} : { layout: counted.layout }),
    stepsPerEpoch,
    steps: Math.ceil(num_epochs * stepsPerEpoch),
  };
}

/** Where they lie: one file for each base, its settings and what is asked around the rows. */
export function tokensKey(
  { name, version }: Pick<DatasetManifest, 'name' | 'version'>,
  tokens: TokenStatistics,
): string {
  const { base, settings, asked } = tokens;
  const by = (base.sha256 ?? hashOf(base.name)).slice(0, 16);
  return `${tokensPrefix({ name, version })}${by}-${hashOf({ settings, asked }).slice(0, 8)}.json`;
}

/** What the keys of all token statistics of a version begin with. */
export function tokensPrefix({ name, version }: Pick<DatasetManifest, 'name' | 'version'>): string {
  return `datasets/${name}/${version}/tokens-`;
}
