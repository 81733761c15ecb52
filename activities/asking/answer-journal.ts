// Answers on this machine's disk from the moment they arrive, so that a killed process never pays for one twice.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { keptAnswerSchema, type KeptAnswer } from './kept-answer.ts';

const entrySchema = z.strictObject({ request: z.string(), answer: keptAnswerSchema });

export interface AnswerJournal {
  /** The answer to a request, if a process that died had received it. */
  get(request: string): KeptAnswer | undefined;
  /** Writes one answer before it is used. Synchronous: between receiving and writing nothing else happens. */
  append(request: string, answer: KeptAnswer): void;
  /** Everything that it holds, by request. */
  entries(): ReadonlyMap<string, KeptAnswer>;
  /** Closes the file and, when its answers are stored elsewhere, removes it. */
  close(outcome: 'stored' | 'kept'): Promise<void>;
}

/**
 * Opens the journal of one shard, with what an earlier attempt left there; a last line that was cut off is passed over.
 * A process that is killed loses nothing of it; a machine that loses power may lose the last moments.
 */
export async function openJournal(path: string): Promise<AnswerJournal> {
  const known = new Map<string, KeptAnswer>();
  const text = await readFile(path, 'utf8').catch(() => '');
  for (const line of text.split('\n')) {
    const entry = parseEntry(line);
    if (entry !== undefined) {
      known.set(entry.request, entry.answer);
    }
  }
  let file: number | undefined;

  return {
    get: (request) => known.get(request),
    entries: () => known,
    append(request, answer) {
      // Only a shard that asks needs a file. A cut-off line of a former attempt must not swallow the next one.
      file ??= openAt(path, text === '' || text.endsWith('\n') ? '' : '\n');
      writeSync(file, `${JSON.stringify({ request, answer })}\n`);
      known.set(request, answer);
    },
    async close(outcome) {
      if (file !== undefined) {
        closeSync(file);
        file = undefined;
      }
      if (outcome === 'stored') {
        await rm(path, { force: true });
      }
    },
  };
}

function openAt(path: string, prefix: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, 'a', 0o600);
  if (prefix !== '') {
    writeSync(file, prefix);
  }
  return file;
}

function parseEntry(line: string): z.output<typeof entrySchema> | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
