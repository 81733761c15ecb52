// One paid request is paid once: answers by the hash of what was asked, of whom, and for which occasion.
import type { z } from 'zod';
import { hashOf } from '../domain/canonical.ts';
import type { Tool } from '../domain/suite.ts';
import type { ChatMessage } from '../evals/prompt.ts';
import { commitOnce, getJson } from '../registry/json.ts';
import type { ObjectStore } from '../registry/store.ts';
import { keptAnswerSchema, type KeptAnswer } from './asking/kept-answer.ts';

/** Everything that may change an answer. */
export interface CacheKey {
  readonly identity: string;
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly maxTokens: number;
  /** Empty for ordinary runs; a fresh run or a night asks again under its own. */
  readonly epoch: string;
  readonly tools?: readonly Tool[] | undefined;
  readonly responseSchema?: Readonly<Record<string, unknown>> | undefined;
  readonly logprobs?: boolean;
  /** Which of several answers to the same question; the first is 0, or absent. */
  readonly repeat?: number;
}

/** Digest of a request; members that say nothing are left out, so that requests keep their digests. */
export function requestDigest({ repeat, logprobs, ...request }: CacheKey): string {
  return hashOf({
    ...request,
    ...(repeat === undefined || repeat === 0 ? {} : { repeat }),
    ...(logprobs === true ? { logprobs } : {}),
  });
}

const keyOf = (digest: string): string => `evals/cache/${digest}.json`;

export async function cachedAnswer(store: ObjectStore, request: CacheKey): Promise<KeptAnswer | undefined> {
  return await answerOf(store, requestDigest(request));
}

/** The same by digest, for who has it already. */
export async function answerOf(store: ObjectStore, digest: string): Promise<KeptAnswer | undefined> {
  return await getJson(store, keyOf(digest), keptAnswerSchema);
}

/** Of two attempts that both asked, the first answer stays. */
export async function keepAnswer(
  store: ObjectStore,
  request: CacheKey,
  answer: z.input<typeof keptAnswerSchema>,
): Promise<KeptAnswer> {
  return await keepAnswerOf(store, requestDigest(request), answer);
}

/** The same by digest. The entry may be lost when the machine loses power: it would then be asked again. */
export async function keepAnswerOf(
  store: ObjectStore,
  digest: string,
  answer: z.input<typeof keptAnswerSchema>,
): Promise<KeptAnswer> {
  return await commitOnce(store, keyOf(digest), answer, keptAnswerSchema, { durable: false });
}
