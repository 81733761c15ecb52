// Dataset rows, drops and the manifest of a dataset version.
import { z } from 'zod';
import { blobRefSchema, sha256Schema } from './refs.ts';
import { toolSchema } from './suite.ts';
import { turnSchema } from './turn.ts';

export type { Turn } from './turn.ts';

/** Where a row was read: source path as the recipe writes it, and the line on which the record starts. */
const originSchema = z.strictObject({ file: z.string(), line: z.int().positive() });

/** One curated row, as stored in `train.jsonl`, `validation.jsonl` and `test.jsonl`. */
export const datasetRowSchema = z.strictObject({
  id: z.string().min(1).describe('Content hash of input, output, rejected and group: stable across files and order.'),
  input: z.string(),
  output: z.string(),
  rejected: z.string().optional().describe('A worse answer than `output`, for preference training.'),
  group: z.string().optional(),
  time: z.string().optional().describe('Moment of the row, ISO 8601 in UTC.'),
  tags: z.record(z.string(), z.string()).optional().describe('Values by which slices are made; no part of the id.'),
  messages: z
    .array(turnSchema)
    .optional()
    .describe('The conversation before the answer, where it is more than one user turn; `input` is its text.'),
  tools: z.array(toolSchema).optional().describe('Functions that the conversation could call.'),
  origin: originSchema,
});
export type DatasetRow = z.infer<typeof datasetRowSchema>;

export const dropRuleSchema = z.enum([
  'malformed_record',
  'empty_input',
  'empty_output',
  'empty_rejected',
  'rejected_equals_output',
  'empty_group',
  'input_too_long',
  'invalid_text',
  'invalid_time',
  'failed_request',
  'bad_conversation',
  'unknown_label',
  'output_too_long',
  'too_short',
  'repetitive',
  'symbols',
  'boilerplate',
  'wrong_language',
  'personal_data',
  'contaminated',
  'teacher_refused',
  'over_cap',
  'sampled_out',
  'exact_duplicate',
  'conflicting_label',
  'near_duplicate',
  'crosses_split',
  'rebalanced',
  'not_sampled',
]);
export type DropRule = z.infer<typeof dropRuleSchema>;

/** One line of `dropped.jsonl`: a row that did not reach a split, and the rule that dropped it. */
export const droppedRowSchema = z.strictObject({
  origin: originSchema,
  rule: dropRuleSchema,
  detail: z.string().optional().describe('What exactly was wrong, without the row text.'),
  id: z.string().optional().describe('Id of the row, when it got as far as to have one.'),
  keptId: z.string().optional().describe('For duplicates: the id of the row that was kept.'),
  similarity: z.number().optional().describe('For near duplicates: Jaccard similarity to the row that was kept.'),
});
export type DroppedRow = z.infer<typeof droppedRowSchema>;

const lengthsSchema = z.strictObject({
  shortest: z.int(),
  median: z.int(),
  p95: z.int(),
  longest: z.int(),
  classes: z
    .array(z.strictObject({ upTo: z.int(), rows: z.int() }))
    .describe('Lines by length in classes that double.'),
});
export type Lengths = z.infer<typeof lengthsSchema>;

const splitSummarySchema = z.strictObject({
  rows: z.int().nonnegative().describe('Lines of the file; a row that is repeated counts as often.'),
  repeated: z.int().nonnegative().optional().describe('Lines that repeat a row, by weight or balance.'),
  groups: z.int().nonnegative().describe('Distinct groups, 0 when rows carry none.'),
  file: blobRefSchema,
  lengths: z
    .strictObject({ input: lengthsSchema, output: lengthsSchema })
    .optional()
    .describe('Lengths in UTF-16 code units; absent for an empty split.'),
  outputs: z
    .array(z.strictObject({ output: z.string(), rows: z.int() }))
    .optional()
    .describe('Lines by output, where outputs are few and short enough to be labels.'),
  balance: z
    .strictObject({
      imbalance: z.number().describe('How many times as often as the rarest output the most frequent one comes.'),
      evenness: z.number().describe('Entropy of the shares over its maximum: 1 is even, 0 one output only.'),
    })
    .optional()
    .describe('How evenly those outputs are spread, in the lines of the file.'),
});
export type SplitSummary = z.infer<typeof splitSummarySchema>;

const sourceSummarySchema = z.strictObject({
  path: z.string(),
  revision: z.string().optional().describe('Commit of a hub’s file.'),
  sha256: sha256Schema,
  bytes: z.int(),
  rows: z.int(),
  format: z.string().optional(),
  compression: z.string().optional(),
  encoding: z.string().optional(),
  licence: z.string().optional().describe('As the recipe states it.'),
  teacher: z.string().optional().describe('Model that wrote the answers.'),
  terms: z.string().optional().describe('Terms of the teacher.'),
});

const fatesSchema = z.strictObject({
  dropped: z.int().nonnegative(),
  reported: z.int().nonnegative().describe('Kept, and listed.'),
  waived: z.int().nonnegative().describe('Kept, because the recipe waives them.'),
});

const overlapsSchema = z.strictObject({
  exact: fatesSchema.describe('The whole input is that of an evaluation.'),
  ngram: fatesSchema.describe('Words in a row are.'),
  near: fatesSchema.describe('The input is similar.'),
});
export type Overlaps = z.infer<typeof overlapsSchema>;

/** Rows that overlap with evaluations, kept ones included. */
export function overlappingRows(overlaps: Overlaps): number {
  return Object.values(overlaps).reduce((sum, { dropped, reported, waived }) => sum + dropped + reported + waived, 0);
}

const labelErrorListSchema = z.strictObject({
  looked: z.int().nonnegative().describe('Rows that were looked at: all, or a sample.'),
  notJudged: z.int().nonnegative().describe('Rows looked at whose label has fewer than five rows.'),
  first: z
    .array(
      z.strictObject({
        id: z.string(),
        origin: originSchema,
        given: z.string().optional().describe('Absent where outputs are too many or too long to be labels.'),
        suggested: z.string().optional(),
        confidenceGiven: z.number(),
        confidenceSuggested: z.number(),
      }),
    )
    .describe('The beginning of the list, the least confident label first.'),
});
export type LabelErrorList = z.infer<typeof labelErrorListSchema>;

/** What a teacher answered for one source, whoever paid for the answers. */
const distilledSchema = z.strictObject({
  source: z.string().describe('Path of the source, as the recipe writes it.'),
  provider: z.string(),
  model: z.string(),
  inputs: z.int().describe('Distinct inputs: each is asked once.'),
  answered: z.int().describe('Inputs with an answer, kept or not.'),
  refused: z.int().describe('Answers that may not become rows: refused, cut off, empty, or not what `keep` allows.'),
  failed: z.int().describe('Inputs that the endpoint could not answer.'),
  unasked: z.int().describe('Inputs left over when the budget was spent.'),
  promptTokens: z.int(),
  completionTokens: z.int(),
  usd: z.number().nullable().describe('Price of the answers in USD; null when no price is stated.'),
});
export type DistilledSource = z.infer<typeof distilledSchema>;

/** What curation found beside the rows; `contender datasets show` and the data card print it. */
const findingsSchema = z.strictObject({
  conflictingInputs: z.int().describe('Inputs that stood with different outputs.'),
  near: z
    .strictObject({
      clusters: z.int(),
      rows: z.int().describe('Rows in clusters.'),
      largest: z.int(),
      differentOutputs: z.int().describe('Clusters whose rows have different outputs.'),
      pairsCompared: z.int(),
      rowsCutShort: z.int().describe('Rows of very large buckets that were not compared with all others.'),
    })
    .optional(),
  pii: z
    .record(z.string(), z.strictObject({ rows: z.int(), found: z.int() }))
    .describe('Personal data and secrets by type: rows that held them, and pieces.'),
  overlaps: overlapsSchema
    .optional()
    .describe(
      'Rows that overlap with evaluations, by how they do and what became of them; absent where nobody looked.',
    ),
  distilled: z.array(distilledSchema).optional().describe('Answers of teachers, by source.'),
  labelErrors: z.int().optional().describe('Rows whose label is likely to be wrong.'),
  labelErrorList: labelErrorListSchema.optional(),
});

/** `manifest.json` of a dataset version. Invariant: kept + dropped = read. */
export const datasetManifestSchema = z.strictObject({
  name: z.string(),
  version: z
    .string()
    .regex(/^[0-9a-f]{16}$/u)
    .describe('First 16 hex digits of the hash of splits and settings.'),
  sources: z.array(sourceSummarySchema),
  settings: z.unknown().describe('The recipe’s `dataset` block, resolved.'),
  read: z.int().nonnegative(),
  kept: z.int().nonnegative(),
  dropped: z.partialRecord(dropRuleSchema, z.int().positive()).describe('Rows dropped, by rule.'),
  labels: z
    .array(z.string())
    .describe('Distinct outputs over all splits, sorted: the label set. Empty when there are too many.'),
  splits: z.strictObject({ train: splitSummarySchema, validation: splitSummarySchema, test: splitSummarySchema }),
  droppedRows: blobRefSchema,
  findings: findingsSchema.optional(),
  lists: z
    .strictObject({
      clusters: blobRefSchema.optional(),
      overlaps: blobRefSchema.optional(),
      labelErrors: blobRefSchema.optional(),
    })
    .optional()
    .describe('JSON Lines for review.'),
});
export type DatasetManifest = z.infer<typeof datasetManifestSchema>;

/** Result of the `curate` stage. */
export const curateResultSchema = z.strictObject({
  dataset: z.string().describe('name@version'),
  manifest: blobRefSchema,
  read: z.int(),
  kept: z.int(),
  rows: z.strictObject({ train: z.int(), validation: z.int(), test: z.int() }),
  seconds: z.number(),
});
export type CurateResult = z.infer<typeof curateResultSchema>;
