// What every object store must do: one suite, run over each adapter.
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../domain/bad-input.ts';
import type { ObjectStore } from './store.ts';

const raceRounds = 200;

/** Runs the contract over a store. The factory gives an empty store; it is asked once per test. */
export function storeContract(name: string, factory: () => Promise<ObjectStore> | ObjectStore): void {
  describe(`${name} keeps the contract of the object store`, { timeout: 120_000 }, () => {
    it('gives back what was put, also empty and binary objects', async () => {
      const store = await factory();
      const binary = randomBytes(300_000);
      await store.put('a/b/text.json', '{"ü":1}');
      await store.put('a/empty', '');
      await store.put('a/binary', binary);
      expect(text(await store.get('a/b/text.json'))).toBe('{"ü":1}');
      expect((await store.get('a/empty'))?.length).toBe(0);
      expect(Buffer.compare((await store.get('a/binary')) ?? new Uint8Array(), binary)).toBe(0);
    });

    it('gives undefined for what is not there, also for a folder', async () => {
      const store = await factory();
      await store.put('folder/object', 'x');
      expect(await store.get('nothing')).toBeUndefined();
      expect(await store.get('folder')).toBeUndefined();
      expect(await store.getStream('nothing')).toBeUndefined();
      expect(await store.getStream('folder')).toBeUndefined();
    });

    it('replaces an object by put and keeps it by putIfAbsent', async () => {
      const store = await factory();
      expect(await store.putIfAbsent('key', 'first')).toBe('created');
      expect(await store.putIfAbsent('key', 'second')).toBe('exists');
      expect(text(await store.get('key'))).toBe('first');
      await store.put('key', 'third');
      expect(text(await store.get('key'))).toBe('third');
    });

    it('streams a large object both ways', async () => {
      const store = await factory();
      const chunk = randomBytes(1024 * 1024);
      await store.putStream('large', repeat(chunk, 36));
      const back = await store.getStream('large');
      let bytes = 0;
      for await (const piece of back ?? []) {
        const start = bytes % chunk.length;
        const same = piece.subarray(0, chunk.length - start);
        expect(Buffer.compare(same, chunk.subarray(start, start + same.length))).toBe(0);
        bytes += piece.length;
      }
      expect(bytes).toBe(36 * chunk.length);
    });

    it('streams an empty object', async () => {
      const store = await factory();
      await store.putStream('empty', repeat(new Uint8Array(), 0));
      expect((await store.get('empty'))?.length).toBe(0);
    });

    it.each([1, 20])('leaves nothing of a stream that fails after %i MiB', async (megabytes) => {
      const store = await factory();
      await store.put('old', 'old');
      const failing = failAfter(megabytes);
      await expect(store.putStream('new', failing)).rejects.toThrow('source broke');
      await expect(store.putStream('old', failAfter(megabytes))).rejects.toThrow('source broke');
      expect(await store.get('new')).toBeUndefined();
      expect(text(await store.get('old'))).toBe('old');
      expect(await keysOf(store, '')).toEqual(['old']);
    });

    it('lists keys in code-unit order, below a prefix and after a key', async () => {
      const store = await factory();
      const keys = ['a-b', 'a/b/2', 'a/b/10', 'a.c', 'a@c', 'B/x', 'ab/c', 'a/b-c', 'z=1_2'];
      await Promise.all(keys.map(async (key) => store.put(key, key)));
      expect(await keysOf(store, '')).toEqual(keys.toSorted());
      expect(await keysOf(store, 'a/')).toEqual(['a/b-c', 'a/b/10', 'a/b/2']);
      expect(await keysOf(store, 'a/b')).toEqual(['a/b-c', 'a/b/10', 'a/b/2']);
      expect(await keysOf(store, 'a/b/', 'a/b/10')).toEqual(['a/b/2']);
      expect(await keysOf(store, '', 'a/b/10')).toEqual(['a/b/2', 'a@c', 'ab/c', 'z=1_2']);
      expect(await keysOf(store, '', 'a/b/1')).toEqual(['a/b/10', 'a/b/2', 'a@c', 'ab/c', 'z=1_2']);
      expect(await keysOf(store, 'nothing/')).toEqual([]);
    });

    it('lists more keys than one page of S3 holds', async () => {
      const store = await factory();
      const keys = Array.from({ length: 1100 }, (_, index) => `many/${String(index).padStart(5, '0')}`);
      for (let start = 0; start < keys.length; start += 50) {
        await Promise.all(keys.slice(start, start + 50).map(async (key) => store.put(key, '')));
      }
      expect(await keysOf(store, 'many/')).toEqual(keys);
    });

    it.each([
      '',
      '/a',
      'a/',
      'a//b',
      '.',
      '..',
      'a/../b',
      './a',
      'a/..',
      'a b',
      'a\\b',
      'ä',
      'a\0b',
      '~tmp/x',
      'x'.repeat(300),
    ])('refuses the key %j', async (key) => {
      const store = await factory();
      await expect(store.get(key)).rejects.toThrow(BadInput);
      await expect(store.getStream(key)).rejects.toThrow(BadInput);
      await expect(store.put(key, 'x')).rejects.toThrow(BadInput);
      await expect(store.putIfAbsent(key, 'x')).rejects.toThrow(BadInput);
      await expect(store.putStream(key, repeat(new Uint8Array(1), 1))).rejects.toThrow(BadInput);
      expect(await keysOf(store, '')).toEqual([]);
    });

    it('refuses prefixes that leave the store', async () => {
      const store = await factory();
      for (const prefix of ['..', '../', 'a/../', '/a', 'a//']) {
        await expect(keysOf(store, prefix)).rejects.toThrow(BadInput);
      }
    });

    it(`lets exactly one of two racing writers create an object, in ${raceRounds} rounds`, async () => {
      const store = await factory();
      for (let round = 0; round < raceRounds; round += 1) {
        const key = `race/${round}`;
        const bodies = [`left ${round} ${'l'.repeat(500)}`, `right ${round} ${'r'.repeat(700)}`];
        const outcomes = await Promise.all(bodies.map(async (body) => store.putIfAbsent(key, body)));
        expect(outcomes.toSorted()).toEqual(['created', 'exists']);
        expect(text(await store.get(key))).toBe(bodies[outcomes.indexOf('created')]);
      }
    });

    it('never shows a reader half an object', async () => {
      const store = await factory();
      const size = 200_000;
      const progress = { done: false };
      const writer = (async () => {
        for (let round = 0; round < 40; round += 1) {
          const body = new Uint8Array(size).fill(round);
          await (round % 2 === 0 ? store.put('shared', body) : store.putStream('shared', repeat(body, 1)));
        }
        progress.done = true;
      })();
      while (!progress.done) {
        const seen = await store.get('shared');
        expect([undefined, size]).toContain(seen?.length);
        expect(new Set(seen).size).toBeLessThanOrEqual(1);
      }
      await writer;
    });
  });
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/** All keys that a store lists. */
export async function keysOf(store: ObjectStore, prefix = '', after?: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix, after === undefined ? {} : { after })) {
    keys.push(key);
  }
  return keys;
}

async function* repeat(chunk: Uint8Array, times: number): AsyncGenerator<Uint8Array> {
  for (let count = 0; count < times; count += 1) {
    yield chunk;
  }
}

async function* failAfter(megabytes: number): AsyncGenerator<Uint8Array> {
  yield* repeat(new Uint8Array(1024 * 1024), megabytes);
  throw new Error('source broke');
}
