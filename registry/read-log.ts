// Reads the registry log and proves that nothing in it was changed, removed or slipped in.
import { z } from 'zod';
import { canonicalJson, hashOf } from '../domain/canonical.ts';
import { sha256Schema } from '../domain/refs.ts';
import { logEntrySchema } from '../domain/registry.ts';
import type { LogEntry } from '../domain/registry.ts';
import { parseStored } from './json.ts';
import { headKey, logKey, logPrefix } from './log-keys.ts';
import { CorruptArtifact } from './store-errors.ts';
import type { ObjectStore } from './store.ts';

const headSchema = z.object({ seq: z.int().nonnegative(), sha256: sha256Schema });
const readsAtOnce = 32;

/** The registry log is not what its writers wrote; `key` names the entry. */
export class LogBroken extends CorruptArtifact {}

/**
 * All entries, oldest first. Throws LogBroken naming the first entry that is missing, unreadable, changed, or
 * does not follow from the one before. `head.json` is no source of entries; where it names an entry that the
 * log does not hold, the end of the log was cut off or changed, which the chain alone cannot show.
 */
export async function readLog(store: ObjectStore): Promise<LogEntry[]> {
  // Read before the log: a head never runs ahead of the entries listed after it.
  const head = await readHead(store);
  const keys: string[] = [];
  for await (const key of store.list(logPrefix)) {
    if (/\/\d{12}\.json$/u.test(key)) {
      keys.push(key);
    }
  }
  const entries: LogEntry[] = [];
  for (let start = 0; start < keys.length; start += readsAtOnce) {
    const some = keys.slice(start, start + readsAtOnce);
    const bodies = await Promise.all(some.map((key) => store.get(key)));
    for (const [offset, key] of some.entries()) {
      entries.push(checkedEntry(key, bodies[offset], start + offset, entries.at(-1)));
    }
  }
  if (head !== undefined) {
    checkHead(head, entries);
  }
  return entries;
}

function checkedEntry(key: string, body: Uint8Array | undefined, seq: number, before: LogEntry | undefined): LogEntry {
  if (key !== logKey(seq) || body === undefined) {
    throw new LogBroken(logKey(seq), 'is missing from the registry log');
  }
  let entry: LogEntry;
  try {
    entry = parseStored(key, body, logEntrySchema);
  } catch (error) {
    throw new LogBroken(key, 'in the registry log cannot be read', error);
  }
  if (entry.seq !== seq || canonicalJson(entry) !== new TextDecoder().decode(body)) {
    throw new LogBroken(key, 'in the registry log was changed');
  }
  if (entry.prevHash !== (before === undefined ? null : hashOf(before))) {
    const changed = before === undefined ? key : logKey(before.seq);
    throw new LogBroken(changed, `in the registry log was changed: the hash held by ${key} does not match`);
  }
  return entry;
}

async function readHead(store: ObjectStore): Promise<z.infer<typeof headSchema> | undefined> {
  const body = await store.get(headKey);
  try {
    return body === undefined ? undefined : parseStored(headKey, body, headSchema);
  } catch {
    return undefined;
  }
}

function checkHead(head: z.infer<typeof headSchema>, entries: readonly LogEntry[]): void {
  const named = entries[head.seq];
  if (named === undefined) {
    throw new LogBroken(logKey(head.seq), `is missing from the registry log, and ${headKey} names it`);
  }
  if (hashOf(named) !== head.sha256) {
    throw new LogBroken(logKey(head.seq), `in the registry log was changed: the hash in ${headKey} does not match`);
  }
}
