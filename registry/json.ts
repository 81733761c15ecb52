// JSON objects in the store, checked against their schema on the way in and out.
import type { z } from 'zod';
import { canonicalJson } from '../domain/canonical.ts';
import { CorruptArtifact } from './store-errors.ts';
import type { ObjectStore, PutOptions } from './store.ts';

/** Writes the value as canonical JSON, replacing what was there. Throws ZodError when it does not fit the schema. */
export async function putJson<S extends z.ZodType>(
  store: ObjectStore,
  key: string,
  value: z.input<S>,
  schema: S,
): Promise<void> {
  await store.put(key, canonicalJson(schema.parse(value)));
}

/** The value at a key, or undefined when there is none. Throws CorruptArtifact when it does not fit the schema. */
export async function getJson<S extends z.ZodType>(
  store: ObjectStore,
  key: string,
  schema: S,
): Promise<z.output<S> | undefined> {
  const bytes = await store.get(key);
  return bytes === undefined ? undefined : parseStored(key, bytes, schema);
}

/**
 * Commits a stage's result: the first writer wins, and every caller gets the winner's value. A repeated attempt
 * therefore returns what an earlier one committed, whatever it computed itself.
 */
export async function commitOnce<S extends z.ZodType>(
  store: ObjectStore,
  key: string,
  value: z.input<S>,
  schema: S,
  options?: PutOptions,
): Promise<z.output<S>> {
  const mine = schema.parse(value);
  if ((await store.putIfAbsent(key, canonicalJson(mine), options)) === 'created') {
    return mine;
  }
  const winner = await getJson(store, key, schema);
  if (winner === undefined) {
    throw new CorruptArtifact(key, 'was written by another attempt, and is missing now');
  }
  return winner;
}

/** Parses stored JSON. Throws CorruptArtifact naming the key and, where there is one, the field. */
export function parseStored<S extends z.ZodType>(key: string, bytes: Uint8Array, schema: S): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new CorruptArtifact(key, 'is not JSON', error);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CorruptArtifact(key, `does not fit its schema at "${issue?.path.join('.') ?? ''}"`, parsed.error);
  }
  return parsed.data;
}
