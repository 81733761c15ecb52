// MinHash signatures and locality-sensitive hashing (Broder 1997; Leskovec et al., Mining of Massive Datasets, ch. 3).

const permutations = 112;
const wantedRecall = 0.9;

/** Bands and rows per band: 14 × 8 from similarity 0.79 up, more and narrower bands below, so that recall at the threshold stays above 90 %. */
export function bandsFor(threshold: number): { bands: number; rows: number } {
  for (const rows of [8, 7, 4, 2]) {
    const bands = permutations / rows;
    if (1 - (1 - threshold ** rows) ** bands >= wantedRecall) {
      return { bands, rows };
    }
  }
  return { bands: permutations, rows: 1 };
}

/** Hashes the bands of a set's signature: sets that share one probably are similar. */
export class BandHasher {
  readonly bands: number;
  readonly #rows: number;
  readonly #signature = new Uint32Array(permutations);

  constructor(threshold: number) {
    const { bands, rows } = bandsFor(threshold);
    this.bands = bands;
    this.#rows = rows;
  }

  /** Writes the hash of each band to `hashes`. */
  hash(set: Uint32Array, hashes: Uint32Array): void {
    const signature = this.#signature.fill(0xff_ff_ff_ff);
    for (const value of set) {
      for (let index = 0; index < permutations; index += 1) {
        let mixed = Math.imul(value ^ (seeds[index] ?? 0), 0x85_eb_ca_6b);
        mixed = (mixed ^ (mixed >>> 15)) >>> 0;
        if (mixed < (signature[index] ?? 0)) {
          signature[index] = mixed;
        }
      }
    }
    for (let band = 0; band < this.bands; band += 1) {
      let hash = band;
      for (let row = band * this.#rows; row < (band + 1) * this.#rows; row += 1) {
        hash = mix(hash ^ (signature[row] ?? 0));
      }
      hashes[band] = hash;
    }
  }
}

/** Finds sets that probably are similar to a given one. Set numbers run from 0; typed arrays keep a million sets in about 230 MB. */
export class LshIndex {
  readonly #mask: number;
  readonly #bands: { heads: Int32Array; next: Int32Array; hashes: Uint32Array }[];
  readonly #hasher: BandHasher;
  readonly #bandHashes: Uint32Array;

  constructor(threshold: number, capacity: number) {
    this.#hasher = new BandHasher(threshold);
    const slots = 2 ** Math.ceil(Math.log2(Math.max(capacity, 1) * 1.5));
    this.#mask = slots - 1;
    this.#bandHashes = new Uint32Array(this.#hasher.bands);
    this.#bands = Array.from({ length: this.#hasher.bands }, () => ({
      heads: new Int32Array(slots).fill(-1),
      next: new Int32Array(capacity),
      hashes: new Uint32Array(capacity),
    }));
  }

  /** Numbers of the added sets that share a band with this one, ascending. */
  candidates(set: Uint32Array): number[] {
    this.#hasher.hash(set, this.#bandHashes);
    const found = new Set<number>();
    for (const [band, { heads, next, hashes }] of this.#bands.entries()) {
      const hash = this.#bandHashes[band] ?? 0;
      for (let item = heads[hash & this.#mask] ?? -1; item !== -1; item = next[item] ?? -1) {
        if (hashes[item] === hash) {
          found.add(item);
        }
      }
    }
    return [...found].toSorted((left, right) => left - right);
  }

  /** Adds the set that was last asked about, under a number below the capacity. */
  addLast(item: number): void {
    for (const [band, { heads, next, hashes }] of this.#bands.entries()) {
      const hash = this.#bandHashes[band] ?? 0;
      hashes[item] = hash;
      next[item] = heads[hash & this.#mask] ?? -1;
      heads[hash & this.#mask] = item;
    }
  }
}

/** The 32-bit finaliser of MurmurHash3. */
function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85_eb_ca_6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2_b2_ae_35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const seeds = Uint32Array.from({ length: permutations }, (_, index) => mix(index * 0x9e_37_79_b9 + 1));
