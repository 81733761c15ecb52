// Runs the trainer on rows as the process launcher does, in a folder that is removed afterwards.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { trainSchema, type TrainRecipe } from '../../domain/recipe-train.ts';
import {
  progressLineSchema,
  trainerConfigSchema,
  trainerResultSchema,
  type TrainerConfig,
  type TrainerResult,
} from '../../domain/training.ts';
import { packageRoot } from '../../infra/settings.ts';
import { base, settings, type BenchRow } from './demo-rows.ts';

export interface TrainerRun {
  readonly result: TrainerResult;
  /** From the first step to the end of the last, before its checkpoint is written. */
  readonly stepSeconds: number;
  /** Mean loss of each step. */
  readonly losses: readonly number[];
  /** Tokens of each row's prompt, rows in the order of the file; at most 32 of them. */
  readonly promptTokens: readonly number[];
}

/** `config.json` for a training block with the recipe's defaults. */
export function trainerConfig(folder: string, train: Partial<TrainRecipe>): TrainerConfig {
  const full = {
    ...trainSchema.parse({}),
    eval_steps: null,
    early_stopping_patience: null,
    logging_steps: 1,
    ...train,
  };
  const keys = Object.keys(trainerConfigSchema.shape.train.shape);
  return trainerConfigSchema.parse({
    schema: 1,
    base_model: base,
    train_file: join(folder, 'train.jsonl'),
    validation_file: null,
    output_dir: join(folder, 'out'),
    seed: full.seed,
    max_seconds: null,
    train: Object.fromEntries(Object.entries(full).filter(([key]) => keys.includes(key))),
  });
}

/** Trains to the end; throws with the trainer's own words when it fails. */
export async function runTrainer(rows: readonly BenchRow[], train: Partial<TrainRecipe>): Promise<TrainerRun> {
  return inFolder(async (folder) => {
    const config = trainerConfig(folder, train);
    await writeFile(config.train_file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    const args = ['-m', 'trainer.train', '--config', join(folder, 'config.json')];
    const { exitCode, stderr } = await execa(settings.python, args, { cwd: packageRoot, reject: false });
    if (exitCode !== 0) {
      throw new Error(`the trainer ended with ${exitCode}: ${stderr.slice(-500)}`);
    }
    const progress = (await readFile(join(config.output_dir, 'progress.jsonl'), 'utf8')).trim().split('\n');
    const parity = z
      .object({ rows: z.array(z.object({ prompt_tokens: z.int() })) })
      .parse(JSON.parse(await readFile(join(config.output_dir, 'artifact', 'parity.json'), 'utf8')));
    const lines = progress.map((line) => progressLineSchema.parse(JSON.parse(line)));
    const steps = lines.flatMap((line) => (line.kind === 'progress' ? [line] : []));
    return {
      stepSeconds: steps.at(-1)?.seconds ?? Number.NaN,
      losses: steps.map(({ loss }) => loss),
      result: trainerResultSchema.parse(JSON.parse(await readFile(join(config.output_dir, 'result.json'), 'utf8'))),
      promptTokens: parity.rows.map((row) => row.prompt_tokens),
    };
  });
}

/** Gives `work` a scratch folder and removes it, whatever happens. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'contender-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
