// Arms, their per-row results and their scorecards.
import { z } from 'zod';
import { providerSchema } from './providers.ts';
import { blobRefSchema, sha256Schema } from './refs.ts';
import { metricSchema } from './metrics.ts';
import { baselineSchema } from './recipe-baseline.ts';

export const armKindSchema = z.enum(['candidate', 'champion', 'base', 'few_shot', 'baseline', 'classical']);
export type ArmKind = z.infer<typeof armKindSchema>;

/** One arm of the contest: who answers, and how it is asked. Free of secrets and of row text. */
export const armSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,79}$/u),
  kind: armKindSchema,
  label: z.string().describe('Name for people, for example "gpt-6.1-terra (openai)".'),
  provider: z
    .enum(['served', ...providerSchema.options, 'imported'])
    .describe('Whose API answered; `imported`: the answers come from the log of another tool.'),
  model: z.string().describe('Model id sent with the request.'),
  shots: z.int().nonnegative().describe('Examples in the prompt.'),
  standIn: z.boolean().describe('True for a stand-in; every place that shows the arm says so.'),
  maxConcurrency: z.int().positive(),
  flagship: z.boolean().optional().describe('True for the baseline that a policy names the one to beat.'),
  endpoint: baselineSchema
    .optional()
    .describe('Where a provider’s model is asked, with names of keys and never a key.'),
});
export type Arm = z.infer<typeof armSchema>;

/** One row answered by one arm. An answer that is missing or cannot be parsed scores 0 and is counted apart. */
export const rowResultSchema = z.strictObject({
  rowId: z.string(),
  group: z.string().optional(),
  slices: z.record(z.string(), z.string()).default({}).describe('Value of the row in each slice of the suite.'),
  expected: z.string(),
  answer: z.string().nullable().describe('Raw text, null when the request failed for good. Tool calls as JSON.'),
  parsed: z
    .string()
    .nullable()
    .describe(
      'What the parser read: a label, or canonical JSON for sets, fields, spans and calls; null when it could not.',
    ),
  error: z.string().optional().describe('Why there is no answer.'),
  refused: z.boolean().default(false).describe('True when the model or its provider declined to answer.'),
  score: z
    .number()
    .min(0)
    .max(1)
    .describe('Exact match: 1 when parsed equals expected, else 0; the mean over repeats.'),
  scores: z.partialRecord(metricSchema, z.number().min(0).max(1)).default({}).describe('Other metrics of the row.'),
  counts: z
    .strictObject({
      expected: z.number().nonnegative(),
      given: z.number().nonnegative(),
      matched: z.number().nonnegative(),
      overlapping: z.number().nonnegative(),
    })
    .optional()
    .describe('Items of the row for F1 over sets, fields and spans; `overlapping` counts relaxed matches.'),
  repeats: z
    .array(z.strictObject({ answer: z.string().nullable(), parsed: z.string().nullable(), score: z.number() }))
    .optional()
    .describe('The single answers, when each row is asked several times; the row itself then holds their means.'),
  logprob: z.number().nullable().default(null).describe('Log probability of the answer, where the endpoint gives it.'),
  firstTokenMs: z.number().nonnegative().nullable().default(null).describe('Time to the first token, when streamed.'),
  latencyMs: z
    .number()
    .nonnegative()
    .describe('Time of the answer; 0 when it was not measured: it came in a batch, or from a log without times.'),
  promptTokens: z.int().nonnegative(),
  completionTokens: z.int().nonnegative(),
  costUsd: z.number().nonnegative().nullable().describe('Null when the price is not known.'),
  finish: z.string().describe('The finish reason the endpoint gave.'),
  cached: z.boolean().describe('True when the answer comes from an earlier run and nothing was paid in this one.'),
});
export type RowResult = z.infer<typeof rowResultSchema>;

export const intervalSchema = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });
export type Interval = z.infer<typeof intervalSchema>;

const calibrationSchema = z.strictObject({
  n: z.int().positive().describe('Rows with a log probability.'),
  brier: z.number().min(0).max(1).describe('Brier score: mean squared distance of probability and outcome.'),
  ece: z.number().min(0).max(1).describe('Expected calibration error over ten bins of equal width.'),
});
export type Calibration = z.infer<typeof calibrationSchema>;

/** One arm's metrics on one suite version. */
export const scorecardSchema = z.strictObject({
  arm: armSchema,
  suite: sha256Schema.describe('Digest of rows, prompt, parser and scorers.'),
  n: z.int().positive(),
  correct: z.int().nonnegative(),
  metrics: z.partialRecord(metricSchema, intervalSchema).describe('Each metric with its 95 % interval.'),
  calibration: calibrationSchema
    .nullable()
    .optional()
    .describe('Whether the arm is right as often as its probabilities say; null when the endpoint states none.'),
  parseFailures: z.int().nonnegative(),
  errors: z.int().nonnegative(),
  latencyMs: z
    .strictObject({ p50: z.number(), p95: z.number() })
    .describe('Over the answers whose time was measured; 0 when none was.'),
  tokens: z.strictObject({ prompt: z.int(), completion: z.int() }),
  costUsd: z.number().nullable().describe('What the answers cost at the stated price; null when none is stated.'),
  paidUsd: z.number().describe('What was paid in this run: cached answers are free.'),
  seconds: z.number().describe('Wall-clock seconds of the evaluation activities of this arm.'),
  results: blobRefSchema.describe('Per-row results, JSONL, in test-row order.'),
});
export type Scorecard = z.infer<typeof scorecardSchema>;

/** Small record of a scorecard that travels through the workflow. */
export const scorecardRefSchema = z.strictObject({
  armId: z.string(),
  kind: armKindSchema,
  scorecard: blobRefSchema,
  exactMatch: z.number(),
  n: z.int(),
  errors: z.int().nonnegative(),
  paidUsd: z.number(),
});
export type ScorecardRef = z.infer<typeof scorecardRefSchema>;
