// A typed array that grows at its end, in memory that threads share.

interface ArrayKind<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: SharedArrayBuffer, byteOffset?: number, length?: number): T;
}

type Values = Uint32Array | Uint8Array | Float64Array;

// Growing takes address space that was set aside, and memory only as it is written to.
const firstReserve = 64 * 2 ** 20;
const stepBytes = 2 ** 20;

/**
 * Values are copied once, when they come, so that neither their parts nor a second copy of the whole have to be in
 * memory with it. Only beyond what was set aside everything moves, to four times the room.
 */
export class GrowingColumn<T extends Values> {
  readonly #kind: ArrayKind<T>;
  #bytes = 0;
  #buffer = new SharedArrayBuffer(0, { maxByteLength: firstReserve });

  constructor(kind: ArrayKind<T>) {
    this.#kind = kind;
  }

  add(part: T): void {
    const needed = this.#bytes + part.byteLength;
    if (needed > this.#buffer.maxByteLength) {
      const larger = new SharedArrayBuffer(this.#bytes, {
        maxByteLength: Math.max(this.#buffer.maxByteLength, needed) * 4,
      });
      new Uint8Array(larger).set(new Uint8Array(this.#buffer, 0, this.#bytes));
      this.#buffer = larger;
    }
    if (needed > this.#buffer.byteLength) {
      this.#buffer.grow(Math.min(Math.ceil(needed / stepBytes) * stepBytes, this.#buffer.maxByteLength));
    }
    // What was never written is 0 and takes no memory: columns that a recipe does not use stay so.
    if (part.some((value) => value !== 0)) {
      new this.#kind(this.#buffer, this.#bytes, part.length).set(part);
    }
    this.#bytes = needed;
  }

  /** All values; the column must not be added to afterwards. */
  finish(): T {
    return new this.#kind(this.#buffer, 0, this.#bytes / this.#kind.BYTES_PER_ELEMENT);
  }
}
