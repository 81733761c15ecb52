// How much of a text repeats what it said before.
import type { WordScan } from '../word-scan.ts';

const size = 3;

/**
 * Share of a text’s word characters that lie in word 3-grams which came earlier in the text, 0 to just below 1: after
 * “fraction of characters in duplicate n-grams” of Rae et al. 2021 (Gopher), appendix A1.1. Characters in several
 * such 3-grams count once, and the first occurrence does not count, so a sentence said twice gives a half.
 */
export class RepetitionMeter {
  // Open addressing: the number of a 3-gram's first word, plus one.
  #slots = new Uint32Array(1024);

  /** Measures the text that was scanned last. Linear in its words. */
  share(words: WordScan): number {
    const { count, starts, ends, hashes } = words;
    const grams = count - size + 1;
    if (grams < 2) {
      return 0;
    }
    const mask = this.#clear(grams);
    let repeated = 0;
    let all = (ends[0] ?? 0) - (starts[0] ?? 0) + (ends[1] ?? 0) - (starts[1] ?? 0);
    // Words before this one are counted already.
    let counted = 0;
    for (let gram = 0; gram < grams; gram += 1) {
      all += (ends[gram + 2] ?? 0) - (starts[gram + 2] ?? 0);
      if (this.#seen(hashes, gram, mask)) {
        for (let word = Math.max(gram, counted); word < gram + size; word += 1) {
          repeated += (ends[word] ?? 0) - (starts[word] ?? 0);
        }
        counted = gram + size;
      }
    }
    return repeated / all;
  }

  /** Whether the 3-gram came before; remembers it if not. Compares 96 bits, so that no two 3-grams are taken for one. */
  #seen(hashes: Uint32Array, gram: number, mask: number): boolean {
    const first = hashes[gram] ?? 0;
    const second = hashes[gram + 1] ?? 0;
    const third = hashes[gram + 2] ?? 0;
    let mixed = Math.imul(Math.imul(first, 0x9e_37_79_b1) ^ second, 0x85_eb_ca_6b) ^ third;
    mixed ^= mixed >>> 15;
    for (let slot = mixed & mask; ; slot = (slot + 1) & mask) {
      const known = (this.#slots[slot] ?? 0) - 1;
      if (known === -1) {
        this.#slots[slot] = gram + 1;
        return false;
      }
      if (hashes[known] === first && hashes[known + 1] === second && hashes[known + 2] === third) {
        return true;
      }
    }
  }

  #clear(grams: number): number {
    const wanted = 2 ** Math.ceil(Math.log2(grams * 2));
    if (wanted > this.#slots.length) {
      this.#slots = new Uint32Array(wanted);
    } else {
      this.#slots.fill(0, 0, wanted);
    }
    return wanted - 1;
  }
}
