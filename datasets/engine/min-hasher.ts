// MinHash signatures cut into bands (Broder 1997; Leskovec et al., Mining of Massive Datasets, ch. 3).
import { mix } from './shingler.ts';

const permutations = 112;
const usualRecall = 0.9;

/**
 * The widest bands with which two sets at the threshold share one with a probability of at least `recall`:
 * 1 − (1 − s^rows)^bands. At 0.8 and the usual recall of 0.9 that is 14 bands of 8 rows.
 */
export function bandsFor(threshold: number, recall = usualRecall): { bands: number; rows: number } {
  for (const rows of [8, 7, 6, 5, 4, 3, 2]) {
    const bands = Math.floor(permutations / rows);
    if (1 - (1 - threshold ** rows) ** bands >= recall) {
      return { bands, rows };
    }
  }
  return { bands: permutations, rows: 1 };
}

/** Computes band hashes: two sets that agree in one of them are candidates for near duplicates. */
export class MinHasher {
  readonly bands: number;
  readonly #rows: number;
  readonly #signature = new Int32Array(permutations);

  constructor(threshold: number, recall?: number) {
    const { bands, rows } = bandsFor(threshold, recall);
    this.bands = bands;
    this.#rows = rows;
  }

  /** Writes the band hashes of a set of shingle hashes (repetitions do no harm) to `into`, `stride` apart from `at`. */
  sign(hashes: Int32Array, into: Int32Array, at: number, stride: number): void {
    const rows = this.#rows;
    const signature = this.#signature;
    smallestOf(hashes, signature);
    for (let band = 0; band < this.bands; band += 1) {
      let bandHash = band;
      for (let row = band * rows; row < (band + 1) * rows; row += 1) {
        bandHash = mix(bandHash ^ (signature[row] ?? 0));
      }
      into[at + band * stride] = bandHash;
    }
  }
}

/** The smallest hash under each permutation. Four are found in one pass, since a processor can work on them at once. */
function smallestOf(hashes: Int32Array, signature: Int32Array): void {
  const count = hashes.length;
  for (let row = 0; row < permutations; row += 4) {
    const seedA = seeds[row] ?? 0;
    const seedB = seeds[row + 1] ?? 0;
    const seedC = seeds[row + 2] ?? 0;
    const seedD = seeds[row + 3] ?? 0;
    let leastA = 0x7f_ff_ff_ff;
    let leastB = leastA;
    let leastC = leastA;
    let leastD = leastA;
    for (let index = 0; index < count; index += 1) {
      const hash = hashes[index] ?? 0;
      let mixed = Math.imul(hash ^ seedA, 0x85_eb_ca_6b);
      mixed ^= mixed >>> 15;
      leastA = mixed < leastA ? mixed : leastA;
      mixed = Math.imul(hash ^ seedB, 0x85_eb_ca_6b);
      mixed ^= mixed >>> 15;
      leastB = mixed < leastB ? mixed : leastB;
      mixed = Math.imul(hash ^ seedC, 0x85_eb_ca_6b);
      mixed ^= mixed >>> 15;
      leastC = mixed < leastC ? mixed : leastC;
      mixed = Math.imul(hash ^ seedD, 0x85_eb_ca_6b);
      mixed ^= mixed >>> 15;
      leastD = mixed < leastD ? mixed : leastD;
    }
    signature[row] = leastA;
    signature[row + 1] = leastB;
    signature[row + 2] = leastC;
    signature[row + 3] = leastD;
  }
}

const seeds = Int32Array.from({ length: permutations }, (_, index) => mix(Math.imul(index, 0x9e_37_79_b9) + 1));
