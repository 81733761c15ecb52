// The recipe's `gate` block: the rule of the verdict.
import { z } from 'zod';
import { metricSchema } from './metrics.ts';

export const gateSchema = z
  .strictObject({
    metric: metricSchema.default('exact_match').describe('The metric that decides.'),
    rule: z.enum(['non_inferior', 'superior']).default('non_inferior').describe('What the candidate must prove.'),
    margin: z.number().gt(0).lt(1).default(0.03).describe('How much worse still counts as not worse.'),
    confidence: z.number().gt(0.5).lt(1).default(0.95).describe('Confidence level of the two-sided interval.'),
    min_rows: z.int().positive().default(50).describe('Fewer test rows than this hold the verdict.'),
  })
  .describe('The rule of the verdict.');

export type GateRecipe = z.infer<typeof gateSchema>;
