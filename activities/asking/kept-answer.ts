// One answer as it is kept, in the request cache and in the journal of a shard.
import { z } from 'zod';

export const keptAnswerSchema = z.strictObject({
  text: z.string(),
  toolCalls: z.array(z.strictObject({ name: z.string(), arguments: z.string() })).default([]),
  refused: z.boolean().default(false),
  logprob: z.number().nullable().default(null),
  promptTokens: z.int().nonnegative(),
  completionTokens: z.int().nonnegative(),
  cachedPromptTokens: z.int().nonnegative().default(0),
  finish: z.string(),
  latencyMs: z.number().nonnegative(),
  firstTokenMs: z.number().nonnegative().nullable().default(null),
  paidBy: z.string().describe('Key of the run that asked: for it the answer is not free, whichever attempt asked.'),
});
export type KeptAnswer = z.infer<typeof keptAnswerSchema>;
