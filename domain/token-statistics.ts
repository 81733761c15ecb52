// Tokens of a dataset version by a base's own tokenizer, and what training settings make of them.
import { z } from 'zod';
import { sha256Schema } from './refs.ts';
import { trainSchema } from './recipe-train.ts';

const count = z.int().nonnegative();

const spreadSchema = z.strictObject({
  shortest: count,
  median: count,
  p90: count,
  p99: count,
  longest: count,
  classes: z
    .array(z.strictObject({ up_to: z.int().positive(), rows: z.int().positive() }))
    .describe('Rows by tokens: up to 16, 24, 32, 48, 64 and so on.'),
});
export type TokenSpread = z.infer<typeof spreadSchema>;

const splitTokensSchema = z.strictObject({
  rows: z.int().positive().describe('Rows counted; those in which nothing is learnt are left out.'),
  tokens: count.describe('Of both answers for preferences.'),
  learnt: count,
  prompt: spreadSchema,
  answer: spreadSchema.describe('Of preferences the longer answer.'),
  whole: spreadSchema,
  longer: z
    .strictObject({ count, ids: z.array(z.string()) })
    .describe('Rows longer than sequence_len, which training refuses; the ids of the first 20.'),
});
export type SplitTokens = z.infer<typeof splitTokensSchema>;

const layoutSchema = z.strictObject({
  packing: z.boolean().describe('Whether the settings ask for packing and the base can keep packed rows apart.'),
  rows: count.describe('Training rows laid out: one epoch, or its first 20,000 rows.'),
  passes: count.describe('Forward passes on one device.'),
  packed_passes: count.describe('Passes whose rows share one line.'),
  tokens: count.describe('Tokens of these rows.'),
  padded_places: count.describe('Token places without packing.'),
  places: count.describe('Token places as training lays them out.'),
});
export type TokenLayout = z.infer<typeof layoutSchema>;

/** What the trainer counts: `tokens.json` of a training, and the output of `python -m trainer.count_tokens`. */
export const tokenCountsSchema = z.strictObject({
  schema: z.literal(1),
  splits: z.strictObject({
    train: splitTokensSchema.optional(),
    validation: splitTokensSchema.optional(),
    test: splitTokensSchema.optional(),
  }),
  layout: layoutSchema,
});
export type TokenCounts = z.infer<typeof tokenCountsSchema>;

const countedSettingsSchema = trainSchema.pick({
  method: true,
  sequence_len: true,
  micro_batch_size: true,
  gradient_accumulation_steps: true,
  packing: true,
  group_by_length: true,
  num_epochs: true,
});
export type CountedSettings = z.infer<typeof countedSettingsSchema>;

/** `tokens-<base>-<settings>.json` of a dataset version. */
export const tokenStatisticsSchema = z.strictObject({
  base: z.strictObject({ name: z.string(), sha256: sha256Schema.nullable() }),
  how: z.enum(['tokenizer', 'estimate']).describe('By the base’s tokenizer, or from characters where it is not here.'),
  settings: countedSettingsSchema,
  asked: sha256Schema.describe('Hash of the prompt and the tools around each row.'),
  splits: tokenCountsSchema.shape.splits,
  of: z
    .strictObject({ train: count, validation: count, test: count })
    .describe('Rows of the splits; where fewer were counted, they are a sample.'),
  layout: layoutSchema.optional().describe('Absent for estimates.'),
  stepsPerEpoch: count,
  steps: count.describe('Over all epochs.'),
});
export type TokenStatistics = z.infer<typeof tokenStatisticsSchema>;
