// Band hashes of sets of shingles.
import { describe, expect, it } from 'vitest';
import { MinHasher } from './min-hasher.ts';
import { mix, Shingler } from './shingler.ts';

const text = 'The order is late, and nobody answers.';

describe('band hashes', () => {
  it('are those of the smallest hash under each of the 112 permutations', () => {
    const hashes = new Shingler({ shingle: 'chars', size: 5 }).hashes(text);
    const found = new Int32Array(14 * 3);
    new MinHasher(0.8).sign(hashes, found, 1, 3);
    for (let band = 0; band < 14; band += 1) {
      let expected = band;
      for (let row = band * 8; row < band * 8 + 8; row += 1) {
        const seed = mix(Math.imul(row, 0x9e_37_79_b9) + 1);
        const mixed = [...hashes].map((hash) => {
          const product = Math.imul(hash ^ seed, 0x85_eb_ca_6b);
          return product ^ (product >>> 15);
        });
        expected = mix(expected ^ Math.min(...mixed));
      }
      expect(found[1 + band * 3]).toBe(expected);
    }
  });
});
