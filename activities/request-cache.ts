// One paid request is paid once: answers by the hash of what was asked, of whom, and for which occasion.
import { z } from 'zod';
import { hashOf } from '../domain/canonical.ts';
import type { ChatMessage } from '../evals/prompt.ts';
import { commitOnce, getJson } from '../registry/json.ts';
import type { ObjectStore } from '../registry/store.ts';

const cachedAnswerSchema = z.strictObject({
  text: z.string(),
  promptTokens: z.int(),
  completionTokens: z.int(),
  finish: z.string(),
  cachedPromptTokens: z.int().default(0),
  toolCalls: z.array(z.strictObject({ name: z.string(), arguments: z.string() })).default([]),
  logprob: z.number().nullable().default(null),
  refused: z.boolean().default(false),
  firstTokenMs: z.number().nullable().default(null),
  latencyMs: z.number(),
  paidBy: z.string().describe('Key of the run that asked: for it the answer is not free, whichever attempt asked.'),
});
export type CachedAnswer = z.infer<typeof cachedAnswerSchema>;

/** Everything that may change an answer. */
export interface CacheKey {
  readonly identity: string;
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly maxTokens: number;
  /** Empty for ordinary runs; a fresh run or a night asks again under its own. */
  readonly epoch: string;
}

const keyOf = (request: CacheKey): string => `evals/cache/${hashOf(request)}.json`;

export async function cachedAnswer(store: ObjectStore, request: CacheKey): Promise<CachedAnswer | undefined> {
  return await getJson(store, keyOf(request), cachedAnswerSchema);
}

/** Of two attempts that both asked, the first answer stays. */
export async function keepAnswer(
  store: ObjectStore,
  request: CacheKey,
  answer: z.input<typeof cachedAnswerSchema>,
): Promise<CachedAnswer> {
  return await commitOnce(store, keyOf(request), answer, cachedAnswerSchema);
}
