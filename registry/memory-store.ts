// The object store in memory, for tests of whatever needs a store.
import { checkedKey, checkedPrefix } from './key.ts';
import type { ObjectStore } from './store.ts';

/** A store that lives as long as the process. Bytes are copied in and out, so that callers cannot alter them. */
export function memoryStore(): ObjectStore {
  const objects = new Map<string, Uint8Array>();

  return {
    uri: 'memory:',
    async get(key) {
      return objects.get(checkedKey(key))?.slice();
    },
    async getStream(key) {
      const bytes = objects.get(checkedKey(key));
      return bytes === undefined ? undefined : pieces(bytes);
    },
    async put(key, body) {
      objects.set(checkedKey(key), copyOf(body));
    },
    async putStream(key, body) {
      checkedKey(key);
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) {
        chunks.push(chunk.slice());
      }
      objects.set(key, new Uint8Array(Buffer.concat(chunks)));
    },
    async putIfAbsent(key, body) {
      if (objects.has(checkedKey(key))) {
        return 'exists';
      }
      objects.set(key, copyOf(body));
      return 'created';
    },
    async *list(prefix, { after } = {}) {
      checkedPrefix(prefix);
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && (after === undefined || key > after));
      yield* keys.toSorted();
    },
  };
}

function copyOf(body: Uint8Array | string): Uint8Array {
  return new Uint8Array(Buffer.from(body));
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 65_536) {
    yield bytes.slice(start, start + 65_536);
  }
}
