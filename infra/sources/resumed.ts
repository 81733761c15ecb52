// Reads a remote file as one stream over connections that break: to its last byte, or with an error.
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../domain/fault.ts';

export interface Resumable {
  /** For messages: what is read. */
  readonly name: string;
  /** As its place stated before; fewer or more bytes are an error. */
  readonly bytes: number;
  /** Opens the file from a byte on. */
  readonly open: (from: number) => Promise<AsyncIterable<Uint8Array>>;
  /** True for what a later try may overcome. */
  readonly mayPass: (error: unknown) => boolean;
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Tries in a row that may bring no byte. */
const barrenTries = 6;

/** Throws what `open` throws when trying again is of no use, and a Fault when too many tries brought nothing. */
export async function* resumed(source: Resumable): AsyncGenerator<Uint8Array> {
  const { name, bytes, open, mayPass, waitMs, signal } = source;
  let at = 0;
  for (let barren = 0; at < bytes;) {
    const before = at;
    let trouble: unknown;
    try {
      for await (const piece of await open(at)) {
        if (at + piece.length > bytes) {
          throw new TooMuch();
        }
        at += piece.length;
        yield piece;
      }
      trouble = new Error('the connection ended early');
    } catch (error) {
      trouble = error;
    }
    if (at === bytes && !(trouble instanceof TooMuch)) {
      return;
    }
    signal?.throwIfAborted();
    if (trouble instanceof TooMuch) {
      throw new Fault(`more bytes come than the ${bytes} that were stated`, { where: name });
    }
    if (at === before && !mayPass(trouble)) {
      throw trouble;
    }
    barren = at > before ? 0 : barren + 1;
    if (barren === barrenTries) {
      throw new Fault(`the file cannot be read beyond byte ${at} of ${bytes}`, {
        where: name,
        hint: 'check the network, then try again',
        cause: trouble,
      });
    }
    await sleep(waitMs * 2 ** barren * (0.5 + Math.random() / 2), undefined, { signal });
  }
}

/**
 * An answer's body from the byte asked for on. `contentRange` is its header: who ignores a range sends everything
 * again, and has none. Throws an error when the body begins too late.
 */
export async function* bodyFrom(
  body: AsyncIterable<Uint8Array>,
  from: number,
  contentRange: string | null | undefined,
): AsyncGenerator<Uint8Array> {
  const start = Number(/^bytes (\d+)-/u.exec(contentRange ?? '')?.[1] ?? 0);
  if (start > from) {
    throw new Error(`the server sends bytes from ${start} on instead of ${from}`);
  }
  let left = from - start;
  for await (const piece of body) {
    if (left < piece.length) {
      yield piece.subarray(left);
    }
    left = Math.max(0, left - piece.length);
  }
}

class TooMuch extends Error {}
