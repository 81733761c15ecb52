// Counts the tokens of a dataset version by the tokenizer of a base that lies on this machine.
import { splitNames, type SplitName } from '../domain/split-names.ts';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { datasetRowSchema, type DatasetManifest, type DatasetRow } from '../domain/dataset.ts';
import type { Recipe } from '../domain/recipe.ts';
import { tokenCountsSchema, type TokenCounts } from '../domain/token-statistics.ts';
import { trainingRows } from '../activities/training-rows.ts';
import { sampleLines, sampleSize } from '../datasets/sample-lines.ts';
import { linesOfBlob } from '../registry/datasets.ts';
import type { ObjectStore } from '../registry/store.ts';
import { askTrainer, lookedAtSettings } from './ask-trainer.ts';
import type { Settings } from './settings.ts';

/** Rows of a split that are counted at most; training rows show what packing does, so that more of them are. */
const mostRows: Readonly<Record<SplitName, number>> = { train: 20_000, validation: 5000, test: 5000 };

/** Rows of a split: all, or a sample drawn by the recipe's seed. */
export async function* rowsToCount(
  store: ObjectStore,
  { splits }: DatasetManifest,
  split: SplitName,
  seed: number,
): AsyncGenerator<DatasetRow> {
  const { rows: total, file } = splits[split];
  const wanted = sampleSize(total, file.bytes, mostRows[split]);
  for await (const line of sampleLines(linesOfBlob(store, file), { total, wanted, seed })) {
    yield datasetRowSchema.parse(JSON.parse(line));
  }
}

/** Whether the training rows are more than are counted. */
export function isSampled({ splits: { train } }: DatasetManifest): boolean {
  return sampleSize(train.rows, train.file.bytes, mostRows.train) < train.rows;
}

export interface CountInput {
  readonly recipe: Recipe;
  readonly manifest: DatasetManifest;
  /** Folder of the base. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
}

/** Throws BadInput for rows that training would refuse, but for those that are too long, which are counted. */
export async function countTokens(
  settings: Pick<Settings, 'python' | 'environment'>,
  store: ObjectStore,
  { recipe, manifest, folder, signal }: CountInput,
): Promise<TokenCounts> {
  const prepare = async (scratch: string): Promise<unknown> => {
    const files: Record<string, string> = {};
    for (const split of splitNames.filter((name) => manifest.splits[name].rows > 0)) {
      const path = join(scratch, `${split}.jsonl`);
      const file = await open(path, 'wx', 0o600);
      try {
        for await (const row of rowsToCount(store, manifest, split, recipe.train.seed)) {
          await file.write(`${JSON.stringify(trainingRows(recipe, [row])[0])}\n`);
        }
      } finally {
        await file.close();
      }
      files[split] = path;
    }
    const train = lookedAtSettings(recipe);
    // Unsloth packs no rows.
    const { backend } = recipe.train;
    return {
      schema: 1,
      base_model: folder,
      files,
      seed: recipe.train.seed,
      train: backend === 'unsloth' ? { ...train, backend } : train,
    };
  };
  return tokenCountsSchema.parse(await askTrainer(settings, 'trainer.count_tokens', prepare, signal));
}
