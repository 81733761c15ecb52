// The registry log under races, lost replies and tampering.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileStore } from './file-store.ts';
import { appendEntry } from './log.ts';
import type { AppendOutcome, Proposal } from './log.ts';
import { memoryStore } from './memory-store.ts';
import { LogBroken, readLog } from './read-log.ts';
import type { ObjectStore } from './store.ts';
import { StoreOutcomeUnknown } from './store-errors.ts';

const folder = await mkdtemp(join(tmpdir(), 'contender-log-'));
afterAll(async () => rm(folder, { recursive: true, force: true }));

const version = (digit: number): string => `model@${digit.toString(16).padStart(12, '0')}`;

function move(change: Partial<Proposal> & { commitId: string }): Proposal {
  return {
    route: 'medical-coding/chapter',
    from: null,
    to: version(1),
    privacy: 'restricted',
    verdictRef: null,
    actor: 'tester',
    reason: 'a test',
    standInBaseline: false,
    at: '2026-03-01T02:00:00Z',
    ...change,
  };
}

async function threeEntries(): Promise<ObjectStore> {
  const store = memoryStore();
  for (const step of [1, 2, 3]) {
    await appendEntry(
      store,
      move({ commitId: `c${step}`, from: step === 1 ? null : version(step - 1), to: version(step) }),
    );
  }
  return store;
}

const keyOf = (seq: number): string => `registry/log/00000000000${seq}.json`;

describe('appendEntry', () => {
  it('numbers and chains the entries', async () => {
    const entries = await readLog(await threeEntries());
    expect(entries.map((entry) => entry.seq)).toEqual([0, 1, 2]);
    expect(entries[0]?.prevHash).toBeNull();
    expect(entries[2]?.prevHash).toMatch(/^[0-9a-f]{64}$/u);
  });

  it('is lost when another champion holds the route than expected, and says which', async () => {
    const store = await threeEntries();
    const outcome = await appendEntry(store, move({ commitId: 'late', from: version(2), to: version(9) }));
    expect(outcome).toEqual({ outcome: 'lost', champion: version(3) });
    expect(await readLog(store)).toHaveLength(3);
  });

  it('recognises its own entry when asked again, also after others have moved the route', async () => {
    const store = await threeEntries();
    const again = await appendEntry(store, move({ commitId: 'c1', from: null, to: version(1) }));
    expect(again).toMatchObject({ outcome: 'won', entry: { seq: 0, commitId: 'c1' } });
    expect(await readLog(store)).toHaveLength(3);
  });

  it.each([
    ['memory', () => memoryStore(), 200],
    ['file', () => fileStore(join(folder, 'race')), 40],
  ] as const)('has one winner per round on the %s store', { timeout: 60_000 }, async (_, open, rounds) => {
    const store = open();
    let champion: string | null = null;
    for (let round = 0; round < rounds; round += 1) {
      const from: string | null = champion;
      const outcomes: AppendOutcome[] = await Promise.all(
        [0, 1].map(async (writer) =>
          appendEntry(store, move({ commitId: `${round}-${writer}`, from, to: version(2 * round + writer + 1) })),
        ),
      );
      const winner = outcomes.find((outcome) => outcome.outcome === 'won');
      const loser = outcomes.find((outcome) => outcome.outcome === 'lost');
      champion = winner?.entry.to ?? null;
      expect(loser?.champion).toBe(champion);
    }
    expect(await readLog(store)).toHaveLength(rounds);
  });

  it('lets racing writers of different routes all win', async () => {
    const store = memoryStore();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, async (_, writer) =>
        appendEntry(store, move({ commitId: `w${writer}`, route: `task-${writer}`, to: version(writer + 1) })),
      ),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 20 }, () => 'won'));
    expect(new Set((await readLog(store)).map((entry) => entry.route)).size).toBe(20);
  });

  it('has won when the write arrived and only the reply was lost', async () => {
    const store = memoryStore();
    const lossy: ObjectStore = {
      ...store,
      async putIfAbsent(key, body) {
        await store.putIfAbsent(key, body);
        throw new StoreOutcomeUnknown(key, { uri: store.uri });
      },
    };
    expect(await appendEntry(lossy, move({ commitId: 'c1' }))).toMatchObject({ outcome: 'won', entry: { seq: 0 } });
    expect(await readLog(store)).toHaveLength(1);
  });

  it('is lost when the reply was lost and another writer was first', async () => {
    const store = memoryStore();
    const lossy: ObjectStore = {
      ...store,
      async putIfAbsent(key) {
        await appendEntry(store, move({ commitId: 'rival', to: version(7) }));
        throw new StoreOutcomeUnknown(key, { uri: store.uri });
      },
    };
    expect(await appendEntry(lossy, move({ commitId: 'c1' }))).toEqual({ outcome: 'lost', champion: version(7) });
  });

  it('passes an unknown outcome on when nothing was written, and the retry wins', async () => {
    const store = memoryStore();
    const down: ObjectStore = {
      ...store,
      putIfAbsent: async (key) => Promise.reject(new StoreOutcomeUnknown(key, { uri: store.uri })),
    };
    await expect(appendEntry(down, move({ commitId: 'c1' }))).rejects.toThrow(StoreOutcomeUnknown);
    expect(await appendEntry(store, move({ commitId: 'c1' }))).toMatchObject({ outcome: 'won' });
  });

  it('does not need the head to be written', async () => {
    const store = memoryStore();
    const headless: ObjectStore = { ...store, put: async () => Promise.reject(new Error('no')) };
    expect(await appendEntry(headless, move({ commitId: 'c1' }))).toMatchObject({ outcome: 'won' });
    expect(await readLog(store)).toHaveLength(1);
  });
});

describe('readLog', () => {
  it('reads an empty log', async () => {
    expect(await readLog(memoryStore())).toEqual([]);
  });

  it.each([0, 1, 2])('names entry %i when one of its values was changed', async (seq) => {
    const store = await threeEntries();
    const text = new TextDecoder().decode(await store.get(keyOf(seq)));
    await store.put(keyOf(seq), text.replace('a test', 'a tesT'));
    await expect(readLog(store)).rejects.toThrow(LogBroken);
    await expect(readLog(store)).rejects.toMatchObject({ key: keyOf(seq) });
  });

  it('names an entry that is not what the schema says, or not JSON', async () => {
    const store = await threeEntries();
    await store.put(keyOf(1), '{"seq":1}');
    await expect(readLog(store)).rejects.toMatchObject({ key: keyOf(1) });
    await store.put(keyOf(1), '{"seq":');
    await expect(readLog(store)).rejects.toMatchObject({ key: keyOf(1) });
  });

  it.each([0, 1, 2])('names entry %i when it was removed', async (seq) => {
    const whole = await threeEntries();
    const store = memoryStore();
    for await (const key of whole.list('')) {
      if (key !== keyOf(seq)) {
        await store.put(key, (await whole.get(key)) ?? '');
      }
    }
    await expect(readLog(store)).rejects.toMatchObject({ name: 'ContenderCorruptArtifact', key: keyOf(seq) });
  });

  it('takes a head that is behind or unreadable as no news', async () => {
    const store = await threeEntries();
    await store.put('registry/head.json', 'garbage');
    expect(await readLog(store)).toHaveLength(3);
  });
});
