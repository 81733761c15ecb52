// The verdict of the gate, with every number behind it.
import { z } from 'zod';
import { licenceDecisionsSchema } from './licences.ts';
import { sha256Schema } from './refs.ts';
import { metricSchema } from './metrics.ts';

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
  wins: z.int().describe('Rows only the candidate has right (McNemar b).'),
  losses: z.int().describe('Rows only the other arm has right (McNemar c).'),
  difference: z.number().describe('Difference of the metric.'),
  low: z.number(),
  high: z.number(),
  confidence: z.number(),
  method: z.string().describe('How the interval was made, for example "Tango score interval".'),
  mcnemarP: z.number().describe('Exact two-sided McNemar p value of exact match.'),
  margin: z.number(),
  conclusion: conclusionSchema,
  rowsNeeded: z.int().nonnegative().nullable().describe('Further rows for 80 % power, when inconclusive.'),
});
export type Comparison = z.infer<typeof comparisonSchema>;

export const verdictSchema = z.strictObject({
  kind: verdictKindSchema,
  sentence: z.string().describe('The verdict in one sentence for people.'),
  reasons: z.array(z.string()).min(1),
  rule: z.enum(['non_inferior', 'superior']),
  deciding: z.array(comparisonSchema).min(1).describe('Against the baselines and the champion: these decide.'),
  reference: z.array(comparisonSchema).describe('Against base and few-shot: for information.'),
  vetoes: z.array(z.string()).describe('Reasons that forbid a promotion whatever the scores.'),
  licences: licenceDecisionsSchema.optional().describe('What the licence gate found; absent in a comparison alone.'),
  inputs: z.record(z.string(), sha256Schema).describe('Digest of every scorecard and suite used.'),
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
