// Content-addressed blobs: written once under their own digest, checked on every read.
import { createHash } from 'node:crypto';
import { sha256 } from '../domain/canonical.ts';
import { blobKey } from '../domain/refs.ts';
import type { BlobRef } from '../domain/refs.ts';
import { CorruptArtifact } from './store-errors.ts';
import type { ObjectStore } from './store.ts';

/**
 * Stores bytes, or what a source yields, under their SHA-256 and returns the reference. A source is read twice,
 * first for its digest, then to write it, so that even large files need neither memory nor a temporary copy; a
 * blob that is there already is not written again. Throws CorruptArtifact when the second reading differs.
 */
export async function putBlob(
  store: ObjectStore,
  content: Uint8Array | string | (() => AsyncIterable<Uint8Array | string>),
): Promise<BlobRef> {
  if (typeof content !== 'function') {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const digest = sha256(bytes);
    const ref = { key: blobKey(digest), sha256: digest, bytes: bytes.length };
    await store.putIfAbsent(ref.key, bytes);
    return ref;
  }
  const hash = createHash('sha256');
  let length = 0;
  for await (const chunk of content()) {
    hash.update(chunk);
    length += Buffer.byteLength(chunk);
  }
  const digest = hash.digest('hex');
  const ref = { key: blobKey(digest), sha256: digest, bytes: length };
  if (!(await isThere(store, ref.key))) {
    await store.putStream(ref.key, verified(content(), ref));
  }
  return ref;
}

/** The blob's bytes. Throws CorruptArtifact when it is missing or has another length or digest. */
export async function getBlob(store: ObjectStore, ref: BlobRef): Promise<Uint8Array> {
  const bytes = await store.get(ref.key);
  if (bytes === undefined) {
    throw missing(ref);
  }
  check(ref, bytes.length, sha256(bytes));
  return bytes;
}

/**
 * The blob in pieces. Throws CorruptArtifact when it is missing, and, at the end of the stream, when it had
 * another length or digest: use nothing of it before the stream has ended.
 */
export async function getBlobStream(store: ObjectStore, ref: BlobRef): Promise<AsyncIterable<Uint8Array>> {
  const stream = await store.getStream(ref.key);
  if (stream === undefined) {
    throw missing(ref);
  }
  return verified(stream, ref);
}

async function* verified(stream: AsyncIterable<Uint8Array | string>, ref: BlobRef): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let length = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    hash.update(bytes);
    length += bytes.length;
    yield bytes;
  }
  check(ref, length, hash.digest('hex'));
}

function check(ref: BlobRef, length: number, digest: string): void {
  if (length !== ref.bytes) {
    throw new CorruptArtifact(ref.key, `has ${length} bytes instead of ${ref.bytes}`);
  }
  if (digest !== ref.sha256) {
    throw new CorruptArtifact(ref.key, `does not match its SHA-256 ${ref.sha256}`);
  }
}

function missing(ref: BlobRef): CorruptArtifact {
  return new CorruptArtifact(ref.key, 'is missing from the object store');
}

async function isThere(store: ObjectStore, key: string): Promise<boolean> {
  for await (const found of store.list(key)) {
    return found === key;
  }
  return false;
}
