// Lets the trainer look at rows and base without training: token counts by the base's own tokenizer, shapes of modules.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectionSchema, type Inspection } from '../domain/preflight.ts';
import type { Recipe } from '../domain/recipe.ts';
import { trainerConfigSchema } from '../domain/training.ts';
import { askTrainer, lookedAtSettings } from '../infra/ask-trainer.ts';
import type { Settings } from '../infra/settings.ts';
import type { PlannedRow } from './plan-rows.ts';

export interface LookInput {
  readonly folder: string;
  readonly train: readonly PlannedRow[];
  readonly validation: readonly PlannedRow[];
}

/** Throws as `askTrainer` does. */
export async function lookAt(settings: Settings, recipe: Recipe, input: LookInput): Promise<Inspection> {
  const answer = await askTrainer(settings, 'trainer.inspect', async (scratch) =>
    trainerConfigSchema.parse({
      schema: 1,
      base_model: input.folder,
      train_file: await writeRows(join(scratch, 'train.jsonl'), input.train),
      validation_file:
        input.validation.length === 0 ? null : await writeRows(join(scratch, 'validation.jsonl'), input.validation),
      output_dir: scratch,
      seed: recipe.train.seed,
      max_seconds: null,
      train: lookedAtSettings(recipe),
    }),
  );
  return inspectionSchema.parse(answer);
}

async function writeRows(file: string, rows: readonly PlannedRow[]): Promise<string> {
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''), { mode: 0o600 });
  return file;
}
