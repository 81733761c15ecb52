// Where an object of the store is, as a person can open it: a path for a local store, else a URI.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ObjectStore } from '../registry/store.ts';

export function placeOf(store: Pick<ObjectStore, 'uri'>, key: string): string {
  return store.uri.startsWith('file:') ? join(fileURLToPath(store.uri), key) : `${store.uri}/${key}`;
}
