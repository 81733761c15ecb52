// What can go wrong in an object store, as typed errors. Messages name keys, never contents.
import { failureTypes } from '../domain/failures.ts';

/** The disk, quota or bucket is full. Nothing of the object named by `key` was left behind. */
export class StoreNoSpace extends Error {
  override readonly name = failureTypes.noSpace;
  readonly key: string;

  constructor(key: string, at: { uri: string; cause?: unknown }) {
    super(`no space left for ${key} in ${at.uri}`, { cause: at.cause });
    this.key = key;
  }
}

/**
 * A conditional write ended without an answer and the object is not there now: it may or may not appear later.
 * Retry with the same bytes; delete nothing.
 */
export class StoreOutcomeUnknown extends Error {
  override readonly name = 'ContenderStoreOutcomeUnknown';
  readonly key: string;

  constructor(key: string, at: { uri: string; cause?: unknown }) {
    super(`it is not known whether ${key} was written to ${at.uri}`, { cause: at.cause });
    this.key = key;
  }
}

/** A stored object is missing, unreadable, or not what its digest or schema says. Never retried. */
export class CorruptArtifact extends Error {
  override readonly name = failureTypes.corruptArtifact;
  readonly key: string;

  constructor(key: string, problem: string, cause?: unknown) {
    super(`${key} ${problem}`, { cause });
    this.key = key;
  }
}
