// What judges said: row by row, and in sum for verdict and report.
import { z } from 'zod';
import { blobRefSchema, sha256Schema } from './refs.ts';

/** Whose answer stood first, as answer A. */
export const judgeOrderSchema = z.enum(['candidate_first', 'other_first']);
export type JudgeOrder = z.infer<typeof judgeOrderSchema>;

export const winnerSchema = z.enum(['candidate', 'other', 'tie']);
export type Winner = z.infer<typeof winnerSchema>;

/** One request to one judge, with A and B already resolved to the arms. */
export const readingSchema = z.strictObject({
  order: judgeOrderSchema,
  sample: z.int().nonnegative().describe('Which of the repeats of this order.'),
  winner: winnerSchema.nullable().describe('Null when nothing could be read.'),
  problem: z
    .enum(['unreadable', 'refused', 'failed', 'unanswered'])
    .optional()
    .describe(
      'Why there is no winner: the answer was no judgement; the judge declined; the endpoint will never answer this ' +
        'request; the request was not answered this time (outage, budget) and is asked again.',
    ),
  reason: z.string().optional().describe("The judge's reason in its own words, shortened; untrusted text."),
  cached: z.boolean().describe('True when an earlier run paid for it.'),
});
export type Reading = z.infer<typeof readingSchema>;

export const judgeOfRowSchema = z.strictObject({
  judge: z.string().describe('Id of the judge.'),
  orders: z.array(readingSchema),
  preference: z
    .union([z.literal(-1), z.literal(0), z.literal(1)])
    .nullable()
    .describe('1 candidate, -1 other arm, 0 tie or orders that disagree; null unless both orders were read.'),
});
export type JudgeOfRow = z.infer<typeof judgeOfRowSchema>;

/** Why a row has its preference. Only `judged` rows were shown to judges. */
export const settledSchema = z.enum(['judged', 'identical', 'candidate_missing', 'other_missing', 'both_missing']);
export type Settled = z.infer<typeof settledSchema>;

export const rowJudgementSchema = z.strictObject({
  rowId: z.string(),
  expected: z.string().describe('The expected answer, as in the results.'),
  group: z.string().optional(),
  slices: z.record(z.string(), z.string()),
  settled: settledSchema,
  judges: z.array(judgeOfRowSchema).describe('Empty unless the row was judged.'),
  preference: z.number().min(-1).max(1).describe('Mean of the judges that could be read; 0 when none could.'),
  lengths: z
    .strictObject({ candidate: z.int().nonnegative(), other: z.int().nonnegative() })
    .describe('Characters of the two answers.'),
  truncated: z.boolean().describe('True when the judges saw only the beginning of an answer.'),
  unreadable: z.boolean().describe('True when no judge could be read in both orders.'),
  unanswered: z.boolean().describe('True when a request is still to be asked.'),
});
export type RowJudgement = z.infer<typeof rowJudgementSchema>;

const share = z.number().min(0).max(1);

/** Agreement with people on the rows that they labelled, with a 95 % interval that takes rows as independent. */
export const agreementSchema = z.strictObject({
  n: z.int().nonnegative(),
  raw: share.nullable().describe('Share of rows with the same winner; null without labels of these answers.'),
  kappa: z.number().nullable().describe("Cohen's kappa; null when it is not defined."),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type Agreement = z.infer<typeof agreementSchema>;

const outcomesSchema = z.strictObject({
  candidate: z.int().nonnegative(),
  other: z.int().nonnegative(),
  tie: z.int().nonnegative(),
});

export const judgeSummarySchema = z.strictObject({
  id: z.string(),
  label: z.string(),
  provider: z.string(),
  model: z.string(),
  rows: outcomesSchema.describe('Judged rows by who wins; rows of orders that disagree are ties.'),
  preference: z.number().nullable().describe('Mean over the judged rows that could be read.'),
  swapConsistency: share.nullable().describe('Rows whose orders agree, of the rows read in both.'),
  firstPosition: share
    .nullable()
    .describe('Readings won by answer A, of those with a winner: 0.5 without position bias.'),
  selfConsistency: share.nullable().describe('Pairs of repeats that agree; null with one sample.'),
  requests: z.int().nonnegative(),
  unreadable: z.int().nonnegative().describe('Requests without a readable winner.'),
  human: agreementSchema.nullable(),
  paidUsd: z.number().nonnegative(),
});
export type JudgeSummary = z.infer<typeof judgeSummarySchema>;

export const lengthEffectSchema = z.strictObject({
  meanDifference: z.number().describe('Characters, candidate minus other, over rows with two answers.'),
  slope: z.number().describe('Log odds for one unit of tanh(difference / its standard deviation).'),
  step: z.number().describe('Log odds for being the longer one at all.'),
  adjusted: z.number().min(-1).max(1).describe('Preference at equal length.'),
  low: z.number(),
  high: z.number(),
  confidence: z.number(),
});
export type LengthEffect = z.infer<typeof lengthEffectSchema>;

export const judgementSummarySchema = z.strictObject({
  promptVersion: z.string(),
  digest: sha256Schema.describe(
    'Digest of panel, prompt version, criteria and everything else that shapes a judgement.',
  ),
  candidate: z.string().describe('Arm id.'),
  other: z.string().describe('Arm id.'),
  n: z.int().positive(),
  settled: z.record(settledSchema, z.int().nonnegative()).describe('Rows by how they were settled.'),
  preference: z.number().describe('Mean over all rows.'),
  majority: outcomesSchema.describe('All rows by the majority of the panel.'),
  ties: z.int().nonnegative().describe('Rows with preference 0.'),
  swapConsistency: share.nullable().describe('The lowest of the panel; null when no row was read in both orders.'),
  selfConsistency: share.nullable().describe('The lowest of the panel; null with one sample.'),
  unreadable: z.strictObject({
    rows: z.int().nonnegative(),
    requests: z.int().nonnegative(),
    share: share.describe('Rows that no judge could be read on, of all judged rows.'),
  }),
  unanswered: z.int().nonnegative().describe('Rows still to be asked; nothing may be concluded while there are any.'),
  truncated: z.int().nonnegative(),
  lengthEffect: lengthEffectSchema.nullable().describe('Null when it cannot be estimated.'),
  human: agreementSchema.nullable().describe('The panel against people; null without labels.'),
  sharedFamilies: z
    .array(z.strictObject({ judge: z.string(), arm: z.string(), family: z.string() }))
    .describe('Judges of the family of a contestant.'),
  judges: z.array(judgeSummarySchema).min(1),
  remarks: z.array(z.string()).describe('What a reader must know, each a sentence without its full stop.'),
  judgements: blobRefSchema.describe('Per-row judgements, JSONL, in row order.'),
});
export type JudgementSummary = z.infer<typeof judgementSummarySchema>;
