// Answers on this machine's disk until the store has them: one small file each, so that nothing of them is in memory.
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../../registry/store.ts';
import type { AnswerJournal } from '../asking/answer-journal.ts';
import { keptAnswerSchema, type KeptAnswer } from '../asking/kept-answer.ts';
import { keepAnswerOf } from '../request-cache.ts';

export interface AnswerSpool {
  /** Where an answer is written the moment it arrives. */
  readonly journal: AnswerJournal;
  /** Stores an answer and removes its file. Of two answers to one request the first stored one is given back. */
  keep(digest: string, answer: KeptAnswer): Promise<KeptAnswer>;
}

/** Opens the spool in a folder, and stores what a process that was killed had left there. */
export async function openSpool(folder: string, store: ObjectStore): Promise<AnswerSpool> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fileOf = (digest: string): string => join(folder, `${digest}.json`);

  async function keep(digest: string, answer: KeptAnswer): Promise<KeptAnswer> {
    const kept = await keepAnswerOf(store, digest, answer);
    await rm(fileOf(digest), { force: true });
    return kept;
  }

  for (const name of readdirSync(folder)) {
    const digest = /^([0-9a-f]{64})\.json$/u.exec(name)?.[1];
    const answer = digest === undefined ? undefined : await readAnswer(join(folder, name));
    if (digest !== undefined && answer !== undefined) {
      await keep(digest, answer);
    }
  }
  return {
    keep,
    journal: {
      get: () => undefined,
      entries: () => new Map(),
      // Synchronous: between receiving and writing nothing else happens.
      append(digest, answer) {
        const partial = `${fileOf(digest)}.partial`;
        writeFileSync(partial, JSON.stringify(answer), { mode: 0o600 });
        renameSync(partial, fileOf(digest));
      },
      close: () => Promise.resolve(),
    },
  };
}

/** Undefined for a file that another process has stored and removed since. */
async function readAnswer(path: string): Promise<KeptAnswer | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : keptAnswerSchema.parse(JSON.parse(text));
}
