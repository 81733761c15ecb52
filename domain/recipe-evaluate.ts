// The recipe's `evaluate` block: prompt, arms and baselines.
import { z } from 'zod';
import { metricSchema } from './metrics.ts';
import { baselineSchema } from './recipe-baseline.ts';
import { judgeSchema } from './recipe-judge.ts';
import { promptSchema } from './recipe-prompt.ts';
import { suiteSettingsShape } from './suite.ts';

export const evaluateSchema = z
  .strictObject({
    prompt: promptSchema.prefault({}).describe('What every arm is asked.'),
    scorers: z.array(metricSchema).min(1).default(['exact_match', 'macro_f1']).describe('Metrics reported.'),
    arms: z
      .strictObject({
        base: z.boolean().default(true).describe('Also ask the untuned base.'),
        champion: z
          .boolean()
          .default(true)
          .describe(
            'Also ask the model that holds the route, where there is one; the candidate must pass against it too.',
          ),
        few_shot: z.int().nonnegative().max(32).default(0).describe('Also ask the base with this many examples.'),
        classical: z
          .boolean()
          .default(false)
          .describe('Also ask TF-IDF with logistic regression, for reference: is a language model needed at all?'),
      })
      .prefault({})
      .describe('Arms besides the candidate and the baselines.'),
    baselines: z.array(baselineSchema).min(1).describe('The models to beat; the candidate must pass against each.'),
    serving: z
      .strictObject({
        usd_per_hour: z
          .number()
          .nonnegative()
          .optional()
          .describe('What the machine that serves the candidate costs; without it the cost of its answers is unknown.'),
      })
      .prefault({})
      .describe('What serving our own models costs.'),
    judge: judgeSchema.optional(),
    ...suiteSettingsShape,
    max_tokens: z.int().positive().default(64).describe('Longest answer in tokens.'),
    shard_rows: z.int().min(1).max(200).default(80).describe('Rows per evaluation activity.'),
    timeout_s: z.number().positive().default(120).describe('Longest wait for one answer in seconds.'),
    patience_s: z
      .number()
      .positive()
      .max(86_400)
      .default(900)
      .describe('How long an endpoint may answer nothing before its rows count as unanswered, in seconds.'),
  })
  .describe('How the arms contend.');
