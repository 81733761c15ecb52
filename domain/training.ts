// What the trainer is told, what it reports, and the result of the `train` stage. Mirrored by trainer/config.py.
import { z } from 'zod';
import { blobRefSchema, sha256Schema } from './refs.ts';
import { trainSchema } from './recipe-train.ts';

/**
 * `config.json` of a trainer: `python -m trainer.train`, or any image of backend `container`. Paths are as the trainer
 * sees them: of the worker for launcher `process`, else of the container.
 */
export const trainerConfigSchema = z.strictObject({
  schema: z.literal(1),
  base_model: z.string(),
  train_file: z.string(),
  validation_file: z.string().nullable(),
  output_dir: z.string(),
  seed: z.int(),
  max_seconds: z.number().positive().nullable().describe('Hard wall on training time over all starts of the job.'),
  train: trainSchema
    .pick({
      backend: true,
      method: true,
      dpo_beta: true,
      adapter: true,
      lora_r: true,
      lora_alpha: true,
      lora_dropout: true,
      lora_target_modules: true,
      use_rslora: true,
      use_dora: true,
      modules_to_save: true,
      learning_rate: true,
      num_epochs: true,
      micro_batch_size: true,
      gradient_accumulation_steps: true,
      sequence_len: true,
      packing: true,
      group_by_length: true,
      gradient_checkpointing: true,
      precision: true,
      lr_scheduler: true,
      warmup_ratio: true,
      weight_decay: true,
      max_grad_norm: true,
      save_steps: true,
      distributed: true,
      export: true,
    })
    .extend({
      eval_steps: z.int().positive().nullable(),
      early_stopping_patience: z.int().positive().nullable(),
      logging_steps: z.int().positive(),
    }),
});
export type TrainerConfig = z.infer<typeof trainerConfigSchema>;

/** One training step as the trainer logs it. */
export const trainingProgressSchema = z.object({
  step: z.int().nonnegative(),
  total_steps: z.int().positive(),
  epoch: z.number().nonnegative(),
  loss: z.number().describe('Mean cross-entropy in nats per completion token of this step.'),
  learning_rate: z.number().nonnegative(),
  tokens: z.int().nonnegative().describe('Tokens trained on so far, prompts included.'),
  tokens_per_second: z.number().nonnegative(),
  seconds: z.number().nonnegative(),
  seconds_left: z.number().nonnegative(),
});
export type TrainingProgress = z.infer<typeof trainingProgressSchema>;

/** Details of the training activity's heartbeat. */
export const trainingBeatSchema = z.union([
  trainingProgressSchema,
  z.object({ waitingFor: z.string().describe('What the job waits for before it starts, such as a GPU.') }),
]);
export type TrainingBeat = z.infer<typeof trainingBeatSchema>;

/** One line of `progress.jsonl`. */
export const progressLineSchema = z.discriminatedUnion('kind', [
  trainingProgressSchema.extend({ kind: z.literal('progress') }),
  z.object({ kind: z.literal('validation'), step: z.int(), loss: z.number() }),
  z.object({ kind: z.literal('checkpoint'), step: z.int(), path: z.string() }),
  z.object({ kind: z.literal('notice'), message: z.string() }),
]);
export type ProgressLine = z.infer<typeof progressLineSchema>;

/** `result.json` of the trainer. */
export const trainerResultSchema = z.object({
  steps: z.int().positive().describe('Optimizer steps taken; fewer than planned when training stopped early.'),
  planned_steps: z.int().positive().nullable().default(null),
  stopped: z
    .enum(['completed', 'early_stopping', 'time_limit'])
    .default('completed')
    .describe('Why training ended: all epochs done, no better validation loss, or the hard wall of hours or cost.'),
  best_step: z
    .int()
    .nonnegative()
    .nullable()
    .default(null)
    .describe('Step whose adapter is the artefact; null when it is the last one for want of looks at validation.'),
  world_size: z.int().positive().default(1).describe('Processes that trained together.'),
  micro_batch_size: z.int().positive().nullable().default(null).describe('As trained, after any retry.'),
  gradient_accumulation_steps: z.int().positive().nullable().default(null),
  epochs: z.number(),
  train_loss: z.number(),
  validation_loss: z.number().nullable(),
  tokens: z.int(),
  seconds: z.number(),
  tokens_per_second: z.number(),
  device: z.string(),
  dtype: z.string(),
  peak_memory_bytes: z.int(),
  trainable_parameters: z.int(),
  total_parameters: z.int(),
  resumed_from_step: z.int().nullable(),
  versions: z.record(z.string(), z.string()),
});
export type TrainerResult = z.infer<typeof trainerResultSchema>;

/** `failure.json` of the trainer. Codes are listed in docs/trainer.md. */
export const trainerFailureSchema = z.object({
  code: z.int(),
  kind: z.string(),
  message: z.string(),
  suggestion: z
    .object({
      micro_batch_size: z.int().positive(),
      gradient_accumulation_steps: z.int().positive(),
      gradient_checkpointing: z.boolean(),
    })
    .nullable()
    .default(null)
    .describe('After out_of_memory: the next smaller setting that trains the same; null when there is none.'),
});
export type TrainerFailure = z.infer<typeof trainerFailureSchema>;

/** `parity.json` of an artefact: digests of prompt tokens at training, to be met again at serving. */
export const paritySchema = z.object({
  rows: z.array(z.object({ row_id: z.string(), prompt_sha256: sha256Schema, prompt_tokens: z.int() })),
  template_sha256: sha256Schema,
  tokenizer_sha256: sha256Schema,
});

/** `manifest.json` of an artefact: every file with its digest. The artefact's digest is this manifest's hash. */
export const artifactManifestSchema = z.strictObject({
  files: z.record(z.string(), z.strictObject({ sha256: sha256Schema, bytes: z.int(), key: z.string() })),
});
export type ArtifactManifest = z.infer<typeof artifactManifestSchema>;

/** Result of the `train` stage. */
export const trainResultSchema = z.strictObject({
  artifact: blobRefSchema.describe('The artefact’s SHA-256 manifest.'),
  trainer: trainerResultSchema,
  progress: blobRefSchema.describe('The whole progress log, for the loss curve.'),
  tokens: blobRefSchema
    .optional()
    .describe('Token counts of the rows, `tokens.json` of the trainer; absent where an image of one’s own trained.'),
  attempts: z.int().positive().describe('How often a trainer process was started.'),
  base: z.string().nullable().default(null).describe('Name of the base model; null in results of earlier versions.'),
  notices: z
    .array(z.string())
    .default([])
    .describe('What a reader of the result must know, such as a retry with less.'),
});
export type TrainResult = z.infer<typeof trainResultSchema>;
