// MinHash signatures cut into bands (Broder 1997; Leskovec et al., Mining of Massive Datasets, ch. 3).
import { mix } from './shingler.ts';

const permutations = 112;
const wantedRecall = 0.9;

/**
 * Bands and rows per band: 14 × 8 from similarity 0.79 up, more and narrower bands below, so that two sets at the
 * threshold share a band with a probability of at least 0.9: 1 − (1 − s^rows)^bands.
 */
export function bandsFor(threshold: number): { bands: number; rows: number } {
  for (const rows of [8, 7, 4, 2]) {
    const bands = permutations / rows;
    if (1 - (1 - threshold ** rows) ** bands >= wantedRecall) {
      return { bands, rows };
    }
  }
  return { bands: permutations, rows: 1 };
}

/** Computes band hashes: two sets that agree in one of them are candidates for near duplicates. */
export class MinHasher {
  readonly bands: number;
  readonly #rows: number;

  constructor(threshold: number) {
    const { bands, rows } = bandsFor(threshold);
    this.bands = bands;
    this.#rows = rows;
  }

  /** Writes the band hashes of a set of shingle hashes (repetitions do no harm) to `into`, `stride` apart from `at`. */
  sign(hashes: Int32Array, into: Int32Array, at: number, stride: number): void {
    const rows = this.#rows;
    const count = hashes.length;
    for (let band = 0; band < this.bands; band += 1) {
      let bandHash = band;
      for (let row = band * rows; row < (band + 1) * rows; row += 1) {
        const seed = seeds[row] ?? 0;
        let smallest = 0x7f_ff_ff_ff;
        for (let index = 0; index < count; index += 1) {
          const product = Math.imul((hashes[index] ?? 0) ^ seed, 0x85_eb_ca_6b);
          const mixed = product ^ (product >>> 15);
          smallest = mixed < smallest ? mixed : smallest;
        }
        bandHash = mix(bandHash ^ smallest);
      }
      into[at + band * stride] = bandHash;
    }
  }
}

const seeds = Int32Array.from({ length: permutations }, (_, index) => mix(Math.imul(index, 0x9e_37_79_b9) + 1));
