// On which line a byte of a stream lies, without keeping the stream.

const lf = 0x0a;
const cr = 0x0d;

/** Follows a stream and remembers where lines end (LF, CRLF or lone CR) until told to forget. */
export class LineIndex {
  #ends: number[] = [];
  #forgotten = 0;
  #offset = 0;
  #lastWasCr = false;

  /** Passes the stream's next bytes. */
  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#lastWasCr && byte !== lf) {
        this.#ends.push(this.#offset);
      }
      this.#offset += 1;
      if (byte === lf) {
        this.#ends.push(this.#offset);
      }
      this.#lastWasCr = byte === cr;
    }
  }

  /** The line (from 1) of the byte at `offset`, which must not lie before what was forgotten. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ends[middle] ?? 0) <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return this.#forgotten + low + 1;
  }

  /** Drops what is known of lines that end at or before `offset`. */
  forgetBefore(offset: number): void {
    const gone = this.lineAt(offset) - 1 - this.#forgotten;
    // Removing from the front costs the rest: do it seldom.
    if (gone > 4096) {
      this.#ends = this.#ends.slice(gone);
      this.#forgotten += gone;
    }
  }
}
