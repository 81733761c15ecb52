// What the trainer is told, what it reports, and the result of the `train` stage. Mirrored by trainer/config.py.
import { z } from 'zod';
import { blobRefSchema, sha256Schema } from './refs.ts';
import { trainSchema } from './recipe-train.ts';

/** `config.json` of `python -m trainer.train`. Paths are absolute on the worker. */
export const trainerConfigSchema = z.strictObject({
  schema: z.literal(1),
  base_model: z.string(),
  train_file: z.string(),
  validation_file: z.string().nullable(),
  output_dir: z.string(),
  seed: z.int(),
  train: trainSchema
    .omit({ launcher: true, queue: true, max_hours: true, seed: true })
    .extend({ logging_steps: z.int().positive() }),
});

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
  steps: z.int().positive(),
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

/** `failure.json` of the trainer. Codes are listed in trainer/config.py. */
export const trainerFailureSchema = z.object({ code: z.int(), kind: z.string(), message: z.string() });

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
  attempts: z.int().positive().describe('How often a trainer process was started.'),
});
export type TrainResult = z.infer<typeof trainResultSchema>;
