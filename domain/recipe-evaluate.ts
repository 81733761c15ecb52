// The recipe's `evaluate` block: prompt, arms and baselines.
import { z } from 'zod';
import { metricSchema } from './metrics.ts';
import { promptSchema } from './recipe-prompt.ts';
import { suiteSettingsShape } from './suite.ts';

const priceSchema = z.strictObject({
  input: z.number().nonnegative().describe('USD per million prompt tokens.'),
  output: z.number().nonnegative().describe('USD per million completion tokens.'),
});

const baselineSchema = z
  .strictObject({
    provider: z
      .enum(['openai', 'anthropic', 'openai-compatible', 'stand-in'])
      .describe('Whose API answers. `stand-in` is a classical classifier, for trials without a key.'),
    model: z.string().min(1).describe("The provider's model id; for `stand-in`: tfidf-logreg."),
    base_url: z.url().optional().describe('Endpoint of an `openai-compatible` provider, with its /v1.'),
    api_key_env: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/u)
      .optional()
      .describe('Name of the environment variable with the key; never the key itself.'),
    max_concurrency: z.int().positive().max(256).default(8).describe('Requests in flight at once.'),
    price: priceSchema.optional().describe('Your price; without it the cost is reported as unknown.'),
    budget_usd: z.number().positive().optional().describe('Asking stops before this is exceeded; needs `price`.'),
  })
  .superRefine((baseline, context) => {
    if (baseline.budget_usd !== undefined && baseline.price === undefined) {
      context.addIssue({ code: 'custom', path: ['budget_usd'], message: 'needs `price`, or it cannot be kept' });
    }
    if ((baseline.provider === 'openai-compatible') !== (baseline.base_url !== undefined)) {
      context.addIssue({
        code: 'custom',
        path: ['base_url'],
        message: 'belongs to provider openai-compatible, and to it alone: keys are bound to their host',
      });
    }
    if (baseline.provider === 'stand-in' && baseline.model !== 'tfidf-logreg') {
      context.addIssue({ code: 'custom', path: ['model'], message: 'the only stand-in is tfidf-logreg' });
    }
  })
  .describe('A model to beat.');

export const evaluateSchema = z
  .strictObject({
    prompt: promptSchema.prefault({}).describe('What every arm is asked.'),
    scorers: z.array(metricSchema).min(1).default(['exact_match', 'macro_f1']).describe('Metrics reported.'),
    arms: z
      .strictObject({
        base: z.boolean().default(true).describe('Also ask the untuned base.'),
        few_shot: z.int().nonnegative().max(32).default(0).describe('Also ask the base with this many examples.'),
      })
      .prefault({})
      .describe('Arms besides the candidate and the baselines.'),
    baselines: z.array(baselineSchema).min(1).describe('The models to beat; the candidate must pass against each.'),
    ...suiteSettingsShape,
    max_tokens: z.int().positive().default(64).describe('Longest answer in tokens.'),
    shard_rows: z.int().min(1).max(200).default(80).describe('Rows per evaluation activity.'),
    timeout_s: z.number().positive().default(120).describe('Longest wait for one answer in seconds.'),
  })
  .describe('How the arms contend.');

export type BaselineRecipe = z.infer<typeof baselineSchema>;
