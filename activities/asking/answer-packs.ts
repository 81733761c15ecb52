// One paid request is paid once, across runs: answers in packs, under the hash of whom they were asked and how.
import { z } from 'zod';
import { hashOf, sha256 } from '../../domain/canonical.ts';
import type { PromptRecipe } from '../../domain/recipe-prompt.ts';
import { CorruptArtifact } from '../../registry/store-errors.ts';
import type { ObjectStore } from '../../registry/store.ts';
import { keptAnswerSchema, type KeptAnswer } from './kept-answer.ts';

/** What requests of one pack have in common: who answers, for which occasion, and what is asked around the row. */
export interface PackScope {
  readonly identity: string;
  readonly model: string;
  /** Empty for ordinary runs; a fresh run or a night asks again under its own. */
  readonly epoch: string;
  readonly prompt: PromptRecipe;
}

export interface AnswerPacks {
  get(digest: string): KeptAnswer | undefined;
  /** Stores answers as one pack. They are then found by every later run on this store. */
  add(answers: ReadonlyMap<string, KeptAnswer>): Promise<void>;
}

const entrySchema = z.strictObject({ digest: z.string(), answer: keptAnswerSchema });

/** Scopes in memory; the one that was opened first goes first. */
const keptScopes = 8;
const open = new WeakMap<ObjectStore, Map<string, Promise<AnswerPacks>>>();

/**
 * Opens the packs of a scope. One object a shard, and not one a request: on S3 each object costs a round trip and a fee,
 * on a disk several system calls, which at 1,000 answers a second is more than asking costs. `fresh` reads them again, for
 * answers that other processes may have stored since.
 */
export async function openPacks(
  store: ObjectStore,
  scope: PackScope,
  { fresh = false }: { readonly fresh?: boolean } = {},
): Promise<AnswerPacks> {
  const folder = `evals/cache/${hashOf(scope)}`;
  const scopes = open.get(store) ?? new Map<string, Promise<AnswerPacks>>();
  open.set(store, scopes);
  const known = (fresh ? undefined : scopes.get(folder)) ?? readPacks(store, folder);
  scopes.set(folder, known);
  const oldest = scopes.keys().next();
  if (scopes.size > keptScopes && oldest.done !== true) {
    scopes.delete(oldest.value);
  }
  try {
    return await known;
  } catch (error) {
    scopes.delete(folder);
    throw error;
  }
}

async function readPacks(store: ObjectStore, folder: string): Promise<AnswerPacks> {
  const answers = new Map<string, KeptAnswer>();
  for await (const key of store.list(`${folder}/`)) {
    const bytes = await store.get(key);
    if (bytes === undefined || !key.endsWith(`/${sha256(bytes)}.jsonl`)) {
      throw new CorruptArtifact(key, 'does not match the SHA-256 in its name');
    }
    for (const line of new TextDecoder().decode(bytes).split('\n')) {
      if (line !== '') {
        const { digest, answer } = entrySchema.parse(JSON.parse(line));
        // Of two answers to one request the first one listed stays, whoever reads.
        answers.set(digest, answers.get(digest) ?? answer);
      }
    }
  }
  return {
    get: (digest) => answers.get(digest),
    async add(fresh) {
      if (fresh.size === 0) {
        return;
      }
      const lines = [...fresh].map(([digest, answer]) => `${JSON.stringify({ digest, answer })}\n`).join('');
      await store.putIfAbsent(`${folder}/${sha256(lines)}.jsonl`, lines);
      for (const [digest, answer] of fresh) {
        answers.set(digest, answers.get(digest) ?? answer);
      }
    },
  };
}
