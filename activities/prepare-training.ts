// Lays out a training job's folder: rows as messages, the trainer's config, and how to start it.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetRow } from '../domain/dataset.ts';
import { recipeSchema, type Recipe } from '../domain/recipe.ts';
import { trainerConfigSchema } from '../domain/training.ts';
import type { TrainInput } from '../domain/stage-inputs.ts';
import { renderMessages } from '../evals/prompt.ts';
import type { ActivityDeps } from './deps.ts';
import type { Job } from './launch/process.ts';
import { toLines } from './json-lines.ts';
import { readManifest, readRecipe, readSplit } from './run-inputs.ts';
import { sameBase } from './same-base.ts';

/** Writes the job's inputs; safe to repeat, and also while the trainer of an earlier attempt runs on them. */
export async function prepareTrainingJob(deps: ActivityDeps, input: TrainInput, folder: string): Promise<Job> {
  const recipe = await readRecipe(deps.store, input.recipe);
  const manifest = await readManifest(deps.store, input.manifest);
  const base = await sameBase(deps, input.base);
  await mkdir(folder, { recursive: true });

  const trainFile = join(folder, 'train.jsonl');
  const validationFile = join(folder, 'validation.jsonl');
  const validation = await readSplit(deps.store, manifest, 'validation');
  await writeFile(trainFile, toLines(conversations(recipe, await readSplit(deps.store, manifest, 'train'))));
  await writeFile(validationFile, toLines(conversations(recipe, validation)));

  const {
    launcher: _launcher,
    queue: _queue,
    max_hours: _hours,
    seed,
    ...train
  } = recipeSchema.shape.train.parse(recipe.train);
  const config = trainerConfigSchema.parse({
    schema: 1,
    base_model: base.folder,
    train_file: trainFile,
    validation_file: validation.length > 0 ? validationFile : null,
    output_dir: folder,
    seed,
    train: { ...train, logging_steps: 1 },
  });
  const configFile = join(folder, 'config.json');
  await writeFile(configFile, JSON.stringify(config, null, 2));
  return {
    folder,
    argv: [deps.python, '-m', 'trainer.train', '--config', configFile],
    cwd: deps.trainerRoot,
    env: trainerEnvironment,
  };
}

/** No hub, no telemetry: weights are on this machine already. */
export const trainerEnvironment = {
  HF_HUB_OFFLINE: '1',
  TRANSFORMERS_OFFLINE: '1',
  HF_HUB_DISABLE_TELEMETRY: '1',
  TOKENIZERS_PARALLELISM: 'false',
  PYTHONUNBUFFERED: '1',
  PYTHONDONTWRITEBYTECODE: '1',
};

/** Rows as conversations whose last message, the answer, is what the model learns. */
export function conversations(recipe: Recipe, rows: readonly DatasetRow[]) {
  return rows.map((row) => ({
    id: row.id,
    messages: [...renderMessages(recipe.evaluate.prompt, row.input, []), { role: 'assistant', content: row.output }],
  }));
}
