// Texts as sets of hashed shingles: runs of characters or of words.
import { comparable } from '../comparable-text.ts';

export interface ShingleSettings {
  readonly shingle: 'chars' | 'words';
  /** Characters (UTF-16 code units of the comparable form) or words in one shingle. */
  readonly size: number;
}

/**
 * Hashes the shingles of one text after another. A text with fewer characters or words than a shingle is one shingle. Words are runs of ASCII
 * letters and digits and of any other characters beyond ASCII; scripts without spaces want `chars`.
 */
export class Shingler {
  readonly #words: boolean;
  readonly #size: number;
  #hashes = new Int32Array(1024);
  #wordHashes = new Int32Array(256);

  constructor({ shingle, size }: ShingleSettings) {
    this.#words = shingle === 'words';
    this.#size = size;
  }

  /** 32-bit hashes in the order of the text, with repetitions; valid until the next call. */
  hashes(text: string): Int32Array {
    return this.hashesOf(comparable(text));
  }

  /** The same for a text that is in its comparable form. */
  hashesOf(form: string): Int32Array {
    return this.#words ? this.#ofWords(form) : this.#ofCharacters(form);
  }

  /** Distinct hashes, ascending, in memory of their own: what `jaccard` compares. */
  set(text: string): Int32Array {
    const hashes = this.hashes(text).toSorted();
    let size = 0;
    for (const value of hashes) {
      if (size === 0 || value !== hashes[size - 1]) {
        hashes[size] = value;
        size += 1;
      }
    }
    return hashes.subarray(0, size);
  }

  #ofCharacters(form: string): Int32Array {
    const size = this.#size;
    const count = Math.max(1, form.length - size + 1);
    const hashes = this.#room(count);
    for (let start = 0; start < count; start += 1) {
      const end = Math.min(start + size, form.length);
      let value = basis;
      for (let index = start; index < end; index += 1) {
        value = Math.imul(value ^ form.charCodeAt(index), prime);
      }
      hashes[start] = mix(value);
    }
    return hashes.subarray(0, count);
  }

  #ofWords(form: string): Int32Array {
    const size = this.#size;
    const words = this.#hashWords(form);
    const count = Math.max(1, words - size + 1);
    const hashes = this.#room(count);
    const each = this.#wordHashes;
    for (let start = 0; start < count; start += 1) {
      const end = Math.min(start + size, words);
      let value = basis;
      for (let index = start; index < end; index += 1) {
        value = Math.imul(value ^ (each[index] ?? 0), prime) ^ (value >>> 15);
      }
      hashes[start] = mix(value);
    }
    return hashes.subarray(0, count);
  }

  /** Hashes every word into `#wordHashes` and returns how many there are. */
  #hashWords(form: string): number {
    let count = 0;
    let value = basis;
    let inWord = false;
    for (let index = 0; index <= form.length; index += 1) {
      const code = index < form.length ? form.charCodeAt(index) : 0x20;
      if (code >= 0x80 || (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39)) {
        value = Math.imul(value ^ code, prime);
        inWord = true;
      } else if (inWord) {
        if (count === this.#wordHashes.length) {
          const larger = new Int32Array(count * 2);
          larger.set(this.#wordHashes);
          this.#wordHashes = larger;
        }
        this.#wordHashes[count] = mix(value);
        count += 1;
        value = basis;
        inWord = false;
      }
    }
    return count;
  }

  #room(count: number): Int32Array {
    if (count > this.#hashes.length) {
      this.#hashes = new Int32Array(count * 2);
    }
    return this.#hashes;
  }
}

// FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/
const basis = 0x81_1c_9d_c5 | 0;
const prime = 0x01_00_01_93;

/** The 32-bit finaliser of MurmurHash3 (Appleby 2011), as a signed number. */
export function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85_eb_ca_6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2_b2_ae_35);
  return mixed ^ (mixed >>> 16);
}

/** Jaccard similarity of two ascending sets of distinct values: shared over all, 0 to 1. */
export function jaccard(left: Int32Array, right: Int32Array): number {
  let shared = 0;
  let one = 0;
  let other = 0;
  while (one < left.length && other < right.length) {
    const a = left[one] ?? 0;
    const b = right[other] ?? 0;
    shared += a === b ? 1 : 0;
    one += a <= b ? 1 : 0;
    other += b <= a ? 1 : 0;
  }
  const all = left.length + right.length - shared;
  return all === 0 ? 1 : shared / all;
}
