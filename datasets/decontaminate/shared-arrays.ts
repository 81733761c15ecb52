// Arrays that grow while they are filled, and then are shared between threads.

/** Numbers from 0 to 2^32 - 1. */
export class GrowingNumbers {
  #array = new Uint32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#array.length) {
      const larger = new Uint32Array(this.length * 2);
      larger.set(this.#array);
      this.#array = larger;
    }
    this.#array[this.length] = value;
    this.length += 1;
  }

  shared(): Uint32Array {
    const shared = sharedNumbers(this.length);
    shared.set(this.#array.subarray(0, this.length));
    return shared;
  }
}

/** Zeros in memory that worker threads see without a copy. */
export function sharedNumbers(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(length * Uint32Array.BYTES_PER_ELEMENT));
}

/** Texts in UTF-8, one after the other; `ends` holds the offset after each. */
export interface SharedTexts {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

export class GrowingTexts {
  #bytes = Buffer.alloc(2 ** 16);
  #used = 0;
  readonly #ends = new GrowingNumbers();

  get bytes(): number {
    return this.#used;
  }

  push(text: string): void {
    const size = Buffer.byteLength(text);
    if (this.#used + size > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#used + size));
      larger.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = larger;
    }
    this.#used += this.#bytes.write(text, this.#used);
    this.#ends.push(this.#used);
  }

  shared(): SharedTexts {
    const bytes = new Uint8Array(new SharedArrayBuffer(this.#used));
    bytes.set(this.#bytes.subarray(0, this.#used));
    return { bytes, ends: this.#ends.shared() };
  }
}

/** The text of a number; empty for numbers that are none. */
export function textAt({ bytes, ends }: SharedTexts, index: number): string {
  const start = index === 0 ? 0 : (ends[index - 1] ?? 0);
  const end = ends[index] ?? start;
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
}
