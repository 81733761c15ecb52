// The verdict of the gate, with every number behind it.
import { z } from 'zod';
import { gateCheckSchema } from './gate-check.ts';
import { licenceDecisionsSchema } from './licences.ts';
import { metricSchema } from './metrics.ts';
import { gateSchema } from './recipe-gate.ts';
import { sha256Schema } from './refs.ts';

export const verdictKindSchema = z.enum(['promote', 'hold', 'reject']);
export type VerdictKind = z.infer<typeof verdictKindSchema>;

export const conclusionSchema = z.enum(['superior', 'non_inferior', 'inconclusive', 'worse']);
export type Conclusion = z.infer<typeof conclusionSchema>;

/** Candidate against one other arm on the same rows. Differences are candidate minus other. */
export const comparisonSchema = z.strictObject({
  armId: z.string(),
  label: z.string(),
  standIn: z.boolean(),
  metric: metricSchema,
  n: z.int().positive(),
  clusters: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('Groups of dependent rows; null when each row stands for itself.'),
  wins: z.int().describe('Rows on which the candidate scores higher; of exact match McNemar’s b.'),
  losses: z.int().describe('Rows on which the other arm scores higher; of exact match McNemar’s c.'),
  value: z
    .strictObject({ candidate: z.number(), other: z.number() })
    .nullable()
    .default(null)
    .describe('The metric of each arm; null where it exists only between two, or was not recorded.'),
  difference: z.number().describe('Difference of the metric.'),
  low: z.number(),
  high: z.number(),
  confidence: z.number(),
  method: z.string().describe('How the interval was made, for example "Tango score interval".'),
  p: z
    .number()
    .nullable()
    .default(null)
    .describe('One-sided p value of what the rule must refute: worse by the margin or more, or not better.'),
  eValue: z
    .number()
    .nullable()
    .default(null)
    .describe('Evidence against the same when looks repeat; at 1/α the claim is made. Null without repeated looks.'),
  mcnemarP: z.number().describe('Exact two-sided McNemar p value of wins and losses (sign test of graded scores).'),
  margin: z.number(),
  conclusion: conclusionSchema,
  rowsNeeded: z.int().nonnegative().nullable().describe('Further rows for 80 % power, when inconclusive.'),
  power: z
    .string()
    .nullable()
    .default(null)
    .describe('What these rows could show, and what further rows would, in words.'),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** The same comparison on the rows of one slice value. */
export const sliceComparisonSchema = z.strictObject({
  slice: z.string().describe('Name of the slice: `label`, `group` or a tag.'),
  value: z.string(),
  armId: z.string().describe('The arm that the candidate is compared with.'),
  critical: z.boolean().describe('A critical slice must be non-inferior, or the verdict holds.'),
  n: z.int().nonnegative(),
  candidate: z.number().nullable().describe('Metric of the candidate on these rows; null without rows.'),
  other: z.number().nullable(),
  difference: z.number().nullable(),
  low: z.number().nullable().describe('Interval at the confidence of the policy, not adjusted; null when not tested.'),
  high: z.number().nullable(),
  method: z.string().nullable(),
  margin: z.number(),
  p: z.number().nullable().describe('One-sided p value of "worse by the margin or more"; null when not tested.'),
  adjustedP: z.number().nullable().describe('p, adjusted for the number of slices as `adjustment` says.'),
  adjustment: z.enum(['holm', 'benjamini_hochberg']).describe('Holm for critical slices, BH for exploration.'),
  conclusion: z.enum(['non_inferior', 'worse', 'inconclusive', 'too_few_rows']),
});
export type SliceComparison = z.infer<typeof sliceComparisonSchema>;

export const verdictSchema = z.strictObject({
  kind: verdictKindSchema,
  sentence: z.string().describe('The verdict in one sentence for people.'),
  reasons: z.array(z.string()).min(1),
  rule: z.enum(['non_inferior', 'superior']),
  deciding: z.array(comparisonSchema).min(1).describe('Against the baselines and the champion: these decide.'),
  reference: z.array(comparisonSchema).describe('Against base and few-shot: for information.'),
  vetoes: z.array(z.string()).describe('Reasons that forbid a promotion whatever the scores.'),
  checks: z.array(gateCheckSchema).default([]).describe('Everything that could veto, passed or not.'),
  slices: z.array(sliceComparisonSchema).default([]).describe('Candidate against each deciding arm, by slice value.'),
  remarks: z.array(z.string()).default([]).describe('What a reader should know and what decides nothing.'),
  multiplicity: z.string().default('').describe('How the error rate is kept over arms, slices, candidates and looks.'),
  policy: gateSchema.nullable().default(null).describe('The policy that decided; null in records of version 0.1.0.'),
  procedure: z.string().default('gate/1').describe('Version of the rules that turn answers into a verdict.'),
  licences: licenceDecisionsSchema.optional().describe('What the licence gate found; absent in a comparison alone.'),
  inputs: z
    .record(z.string(), sha256Schema)
    .describe('Digest of every suite, scorecard, results file, judgement and policy used.'),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** Small record of the verdict that travels through the workflow. */
export const gateResultSchema = z.strictObject({
  kind: verdictKindSchema,
  sentence: z.string(),
  verdict: z.strictObject({ key: z.string(), sha256: sha256Schema, bytes: z.int() }),
  score: z.number().describe('The candidate’s value of the deciding metric.'),
  champion: z.string().nullable().describe('Model version that held the route when the gate decided.'),
});
export type GateResult = z.infer<typeof gateResultSchema>;
