// The append-only registry log: every move of a route, each entry holding the hash of the one before.
import { hashOf, canonicalJson } from '../domain/canonical.ts';
import { logEntrySchema } from '../domain/registry.ts';
import type { LogEntry } from '../domain/registry.ts';
import { readLog } from './read-log.ts';
import { headKey, logKey } from './log-keys.ts';
import { championOf } from './routes.ts';
import { parseStored } from './json.ts';
import type { ObjectStore } from './store.ts';

/** A move as it is asked for. `from` is the champion the mover decided against, null for a free route. */
export type Proposal = Omit<LogEntry, 'seq' | 'prevHash' | 'alias'>;

/** `lost`: the route has another champion than the proposal expected. Run the gate again; do not just retry. */
export type AppendOutcome =
  | { readonly outcome: 'won'; readonly entry: LogEntry }
  | { readonly outcome: 'lost'; readonly champion: string | null };

/**
 * Appends one entry by compare-and-swap: it is written only while the route's champion is `proposal.from`.
 * A proposal whose `commitId` is in the log already has won, so a retry after a lost reply is harmless. Writers
 * on other routes only cost another round. Throws what the store throws when the outcome stays unknown: then
 * retry with the same `commitId`. Throws LogBroken when the log was tampered with.
 */
export async function appendEntry(store: ObjectStore, proposal: Proposal): Promise<AppendOutcome> {
  // Ends: every further round means that another writer has appended an entry.
  for (;;) {
    const entries = await readLog(store);
    const own = entries.find((entry) => entry.commitId === proposal.commitId);
    if (own !== undefined) {
      return { outcome: 'won', entry: own };
    }
    const champion = championOf(entries, proposal.route);
    if (champion !== proposal.from) {
      return { outcome: 'lost', champion };
    }
    const last = entries.at(-1);
    const entry = logEntrySchema.parse({
      ...proposal,
      alias: 'champion',
      seq: entries.length,
      prevHash: last === undefined ? null : hashOf(last),
    });
    if (await written(store, entry)) {
      await hintHead(store, entry);
      return { outcome: 'won', entry };
    }
  }
}

/** True when the entry is in the log, even where the reply to its write was lost. */
async function written(store: ObjectStore, entry: LogEntry): Promise<boolean> {
  const key = logKey(entry.seq);
  try {
    return (await store.putIfAbsent(key, canonicalJson(entry))) === 'created';
  } catch (error) {
    const there = await store.get(key);
    if (there === undefined) {
      throw error;
    }
    return parseStored(key, there, logEntrySchema).commitId === entry.commitId;
  }
}

// The entry stands whether or not the hint could be written.
async function hintHead(store: ObjectStore, entry: LogEntry): Promise<void> {
  try {
    await store.put(headKey, canonicalJson({ seq: entry.seq, sha256: hashOf(entry) }));
  } catch {
    return;
  }
}
