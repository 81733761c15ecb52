// Blobs and JSON objects are checked on the way in and out.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sha256 } from '../domain/canonical.ts';
import { getBlob, getBlobStream, putBlob } from './blobs.ts';
import { commitOnce, getJson, putJson } from './json.ts';
import { memoryStore } from './memory-store.ts';
import { CorruptArtifact } from './store-errors.ts';
import { keysOf } from './store-contract.ts';

const schema = z.strictObject({ answer: z.int() });

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) {
    yield Buffer.from(text);
  }
}

async function lengthOf(stream: Promise<AsyncIterable<Uint8Array>>): Promise<number> {
  let length = 0;
  for await (const piece of await stream) {
    length += piece.length;
  }
  return length;
}

describe('blobs', () => {
  it('have the same reference whether written whole or as a stream', async () => {
    const store = memoryStore();
    const whole = await putBlob(store, 'some text');
    const streamed = await putBlob(store, () => chunks('some ', 'text'));
    expect(streamed).toEqual(whole);
    const digest = sha256('some text');
    expect(whole).toEqual({ key: `blobs/sha256/${digest.slice(0, 2)}/${digest}`, sha256: digest, bytes: 9 });
    expect(new TextDecoder().decode(await getBlob(store, streamed))).toBe('some text');
  });

  it('are not stored from a source that changes between its two readings', async () => {
    const store = memoryStore();
    let readings = 0;
    const changing = () => chunks(`reading ${(readings += 1)}`);
    await expect(putBlob(store, changing)).rejects.toThrow(CorruptArtifact);
    expect(await keysOf(store)).toEqual([]);
  });

  it.each([
    ['missing', undefined],
    ['shortened', 'some'],
    ['changed', 'some tex!'],
  ])('raise CorruptArtifact when %s', async (_, stored) => {
    const store = memoryStore();
    const ref = await putBlob(memoryStore(), 'some text');
    if (stored !== undefined) {
      await store.put(ref.key, stored);
    }
    await expect(getBlob(store, ref)).rejects.toMatchObject({ name: 'ContenderCorruptArtifact', key: ref.key });
    await expect(lengthOf(getBlobStream(store, ref))).rejects.toThrow(CorruptArtifact);
  });
});

describe('JSON objects', () => {
  it('come back as they were put', async () => {
    const store = memoryStore();
    await putJson(store, 'a.json', { answer: 42 }, schema);
    expect(await getJson(store, 'a.json', schema)).toEqual({ answer: 42 });
    expect(await getJson(store, 'b.json', schema)).toBeUndefined();
  });

  it.each(['{"answer":"x"}', '{"answer":1,"more":2}', '{"answer":', Buffer.from([0xff])])(
    'raise CorruptArtifact when they hold %s',
    async (stored) => {
      const store = memoryStore();
      await store.put('a.json', stored);
      await expect(getJson(store, 'a.json', schema)).rejects.toThrow(CorruptArtifact);
    },
  );

  it('are committed once: every attempt gets the first value', async () => {
    const store = memoryStore();
    const values = await Promise.all(
      [1, 2, 3].map(async (answer) => commitOnce(store, 'runs/x/train.json', { answer }, schema)),
    );
    expect(new Set(values.map(({ answer }) => answer)).size).toBe(1);
  });
});
