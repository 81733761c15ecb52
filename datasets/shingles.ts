// Texts as sets of character 5-grams, and how similar two such sets are.
import { comparable } from './curated-row.ts';

const width = 5;

/** Distinct 32-bit hashes of the 5-grams of a text's comparable form, ascending; a shorter text is one shingle. */
export function shingles(text: string): Uint32Array {
  const form = comparable(text);
  const count = Math.max(1, form.length - width + 1);
  const hashes = new Uint32Array(count);
  for (let start = 0; start < count; start += 1) {
    // FNV-1a over UTF-16 code units.
    let value = 0x81_1c_9d_c5;
    for (let index = start; index < Math.min(start + width, form.length); index += 1) {
      value = Math.imul(value ^ form.charCodeAt(index), 0x01_00_01_93);
    }
    hashes[start] = value;
  }
  hashes.sort();
  let size = 0;
  for (const value of hashes) {
    if (size === 0 || value !== hashes[size - 1]) {
      hashes[size] = value;
      size += 1;
    }
  }
  return hashes.subarray(0, size);
}

/** Jaccard similarity of two ascending sets: shared over all, 0 to 1. */
export function jaccard(left: Uint32Array, right: Uint32Array): number {
  let shared = 0;
  let other = 0;
  for (const value of left) {
    while (other < right.length && (right[other] ?? 0) < value) {
      other += 1;
    }
    if (other < right.length && right[other] === value) {
      shared += 1;
    }
  }
  return shared / (left.length + right.length - shared);
}
