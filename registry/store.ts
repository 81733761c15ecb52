// The object store port: what every adapter promises. Contract tests: store-contract.ts.

/**
 * Immutable bytes by key. Keys are relative paths of `[A-Za-z0-9._=@-]` segments without `.` or `..` segments.
 * A reader sees a whole object or none, never a half-written one.
 */
export interface ObjectStore {
  /** Where the store is, for people: `file:///…` or `s3://bucket/prefix`. */
  readonly uri: string;
  /** The object's bytes, or undefined when there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** The object's bytes in pieces, or undefined when there is none. */
  getStream(key: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Writes the object whole, replacing what was there. */
  put(key: string, body: Uint8Array | string): Promise<void>;
  /** Writes the object from a stream; nothing is visible until the stream has ended without an error. */
  putStream(key: string, body: AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * Writes the object only when the key is free. Exactly one of several racing writers gets `created`;
   * the others get `exists`.
   */
  putIfAbsent(key: string, body: Uint8Array | string, options?: PutOptions): Promise<'created' | 'exists'>;
  /** Keys under a prefix in code-unit order, those after `after` when given. */
  list(prefix: string, options?: { after?: string }): AsyncIterable<string>;
}

export interface PutOptions {
  /**
   * False for what can be had again: the object is whole or absent as ever, and outlives the process, but a machine that
   * loses power may lose it. Where the adapter has no cheaper way, it makes no difference. True when absent.
   */
  readonly durable?: boolean;
}
