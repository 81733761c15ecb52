// Cheap features of a short text: hashed words, pairs of words and pieces of words.
import { comparable } from '../comparable-text.ts';
import { WordScan } from '../word-scan.ts';

/** Longer texts are judged by their beginning. */
const mostChars = 2000;
/** Pieces of words help with typing errors and inflection in short texts; in long ones words are enough. */
const mostCharsForPieces = 400;
const pieceSizes = [3, 4, 5];
const space = 0x20;

/** How often a feature comes is kept in the bits above its number. */
export const featureBits = 20;
const mostCount = 2 ** (32 - featureBits) - 1;

/**
 * Packed features of a text, ascending: number of the feature below `size` (a power of 2, at most 2^20) in the lower
 * 20 bits, how often it comes above them. The array is used again for the next text.
 */
export class LabelFeatures {
  readonly #words = new WordScan();
  readonly #mask: number;
  #found = new Uint32Array(1024);
  #count = 0;

  constructor(size: number) {
    this.#mask = size - 1;
  }

  of(text: string): Uint32Array {
    const form = comparable(text.length > mostChars ? text.slice(0, mostChars) : text);
    const words = this.#words;
    words.scan(form);
    this.#count = 0;
    for (let word = 0; word < words.count; word += 1) {
      const hash = words.hashes[word] ?? 0;
      this.#add(hash);
      if (word > 0) {
        this.#add(Math.imul(words.hashes[word - 1] ?? 0, 0x9e_37_79_b1) ^ hash);
      }
      if (form.length <= mostCharsForPieces) {
        this.#addPieces(form, words.starts[word] ?? 0, words.ends[word] ?? 0);
      }
    }
    return this.#packed();
  }

  /** Runs of 3 to 5 characters of a word with a space at either end. */
  #addPieces(form: string, start: number, end: number): void {
    for (const size of pieceSizes) {
      for (let from = start - 1; from + size <= end + 1; from += 1) {
        // FNV-1a over UTF-16 code units.
        let hash = 0x81_1c_9d_c5;
        for (let index = from; index < from + size; index += 1) {
          const unit = index < start || index >= end ? space : form.charCodeAt(index);
          hash = Math.imul(hash ^ unit, 0x01_00_01_93);
        }
        this.#add(hash ^ size);
      }
    }
  }

  #add(hash: number): void {
    if (this.#count === this.#found.length) {
      const larger = new Uint32Array(this.#count * 2);
      larger.set(this.#found);
      this.#found = larger;
    }
    let mixed = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2_b2_ae_35);
    this.#found[this.#count] = (mixed ^ (mixed >>> 16)) & this.#mask;
    this.#count += 1;
  }

  #packed(): Uint32Array {
    const found = this.#found.subarray(0, this.#count);
    found.sort();
    let size = 0;
    for (let from = 0; from < found.length;) {
      const feature = found[from] ?? 0;
      let to = from + 1;
      while (to < found.length && found[to] === feature) {
        to += 1;
      }
      found[size] = feature + Math.min(to - from, mostCount) * 2 ** featureBits;
      size += 1;
      from = to;
    }
    return found.subarray(0, size);
  }
}
