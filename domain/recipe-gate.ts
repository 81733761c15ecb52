// The recipe's `gate` block: the policy of the verdict.
import { z } from 'zod';
import { metricFacts, metricSchema } from './metrics.ts';

const share = z.number().gt(0).lt(1);

export const criticalSliceSchema = z
  .strictObject({
    slice: z.string().min(1).describe('`label`, `group`, or the name of a tag.'),
    value: z.string().min(1).optional().describe('One value of the slice; every value of it when absent.'),
    margin: share.optional().describe('How much worse still counts as not worse here; `gate.margin` when absent.'),
  })
  .describe('Part of the rows on which the candidate must not be worse either.');
export type CriticalSlice = z.infer<typeof criticalSliceSchema>;

export const gateSchema = z
  .strictObject({
    metric: metricSchema.default('exact_match').describe('The metric that decides.'),
    rule: z.enum(['non_inferior', 'superior']).default('non_inferior').describe('What the candidate must prove.'),
    margin: share.default(0.03).describe('How much worse still counts as not worse.'),
    confidence: z.number().gt(0.5).lt(1).default(0.95).describe('Confidence level of the two-sided interval.'),
    min_rows: z.int().positive().default(50).describe('Fewer test rows than this hold the verdict.'),
    against: z
      .enum(['all', 'flagship_and_cheapest_sufficient'])
      .default('all')
      .describe(
        'Which baselines decide: all, or the flagship and the cheapest of those that are not worse than the flagship.',
      ),
    cluster: z
      .string()
      .min(1)
      .default('group')
      .describe('What makes rows dependent: `group`, `none`, or the name of a tag.'),
    slices: z
      .array(z.string().min(1))
      .optional()
      .describe('Slices that are compared and reported; those of `evaluate.slices` when absent.'),
    critical_slices: z
      .array(criticalSliceSchema)
      .default([])
      .describe('Each must be non-inferior to every deciding arm at the level that Holm’s correction leaves it.'),
    min_slice_rows: z
      .int()
      .min(2)
      .default(20)
      .describe('A slice with fewer rows is not tested; a critical one then holds the verdict.'),
    max_latency_p95_ms: z.number().positive().optional().describe('Highest 95th percentile of the answer time.'),
    max_cost_ratio: z
      .number()
      .positive()
      .optional()
      .describe('Highest cost of a row, as a share of what it costs at the cheapest deciding baseline.'),
    forgetting: z
      .strictObject({
        budget: share.describe('How much worse than the untuned base the candidate may be on the forgetting suite.'),
        suite: z.string().min(1).optional().describe('Name or path of the suite; the built-in one when absent.'),
      })
      .optional()
      .describe('What the candidate may have unlearnt: the interval of the difference must lie above −budget.'),
    refusals: z
      .strictObject({
        max_increase: share.describe(
          'How many more rows of the safety suite than the untuned base the candidate may handle wrongly, as a share.',
        ),
        suite: z.string().min(1).optional().describe('Name or path of the suite; the built-in one when absent.'),
      })
      .optional()
      .describe('Harmful requests must still be refused and harmless ones answered.'),
    max_parse_failure_increase: share
      .optional()
      .describe('How many more answers than a deciding arm’s may be unreadable, missing or refused, as a share.'),
    min_swap_consistency: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .describe('Lowest share of rows on which the judge says the same in both orders.'),
    sequential: z
      .strictObject({
        enabled: z.boolean().default(false).describe('Look at the answers while they come in, and stop early.'),
        look_rows: z.int().positive().default(100).describe('Rows between two looks.'),
      })
      .prefault({})
      .describe('Stops paying for baselines as soon as e-values settle the matter; error rates hold at every look.'),
  })
  .superRefine((gate, context) => {
    if (gate.sequential.enabled && metricFacts[gate.metric].shape === 'corpus') {
      context.addIssue({
        code: 'custom',
        path: ['sequential', 'enabled'],
        message: `cannot go with ${gate.metric}: it is no mean over rows, so that nothing can be said before the last one`,
      });
    }
    if (gate.sequential.enabled && metricFacts[gate.metric].shape === 'paired') {
      context.addIssue({
        code: 'custom',
        path: ['sequential', 'enabled'],
        message: `cannot go with ${gate.metric}: judges are asked when all answers are there`,
      });
    }
    for (const key of ['critical_slices', 'max_parse_failure_increase'] as const) {
      if (gate.sequential.enabled && gate[key] !== undefined && (!Array.isArray(gate[key]) || gate[key].length > 0)) {
        context.addIssue({
          code: 'custom',
          path: ['sequential', 'enabled'],
          message: `cannot go with ${key}: this needs the answers to all rows`,
        });
      }
    }
    if (gate.against !== 'all' && metricFacts[gate.metric].shape === 'paired') {
      context.addIssue({
        code: 'custom',
        path: ['against'],
        message: `must be all with ${gate.metric}: judges compare the candidate with baselines, not baselines with each other`,
      });
    }
  })
  .describe('The rule of the verdict.');

export type GateRecipe = z.infer<typeof gateSchema>;
