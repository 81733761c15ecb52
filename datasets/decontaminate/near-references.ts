// Which references probably resemble a text: bands of MinHash signatures in typed arrays.
import { BandHasher } from '../minhash.ts';
import { jaccard, shingles } from '../shingles.ts';
import { sharedNumbers, textAt, type SharedTexts } from './shared-arrays.ts';

/** Entries are numbered by reference; band b of entry e is at b * references + e, its chain's head among `slots` of b. */
export interface NearReferences {
  readonly threshold: number;
  readonly slots: number;
  readonly heads: Uint32Array;
  readonly next: Uint32Array;
  readonly hashes: Uint32Array;
  /** Distinct shingles of each reference; 0 for those that are left out. */
  readonly sizes: Uint32Array;
}

/** Indexes those references for which `wanted` is true. */
export function buildNearReferences(
  forms: SharedTexts,
  threshold: number,
  wanted: (reference: number) => boolean,
): NearReferences {
  const count = forms.ends.length;
  const hasher = new BandHasher(threshold);
  const slots = 2 ** Math.ceil(Math.log2(Math.max(count, 1) * 1.5));
  const heads = sharedNumbers(hasher.bands * slots);
  const next = sharedNumbers(hasher.bands * count);
  const hashes = sharedNumbers(hasher.bands * count);
  const sizes = sharedNumbers(count);
  const found = new Uint32Array(hasher.bands);
  for (let reference = 0; reference < count; reference += 1) {
    if (!wanted(reference)) {
      continue;
    }
    const set = shingles(textAt(forms, reference));
    sizes[reference] = set.length;
    hasher.hash(set, found);
    for (let band = 0; band < hasher.bands; band += 1) {
      const hash = found[band] ?? 0;
      const head = band * slots + (hash & (slots - 1));
      const entry = band * count + reference;
      hashes[entry] = hash;
      next[entry] = heads[head] ?? 0;
      heads[head] = reference + 1;
    }
  }
  return { threshold, slots, heads, next, hashes, sizes };
}

// Sets of references that were compared lately: those of one template are asked for again and again.
const mostKept = 2000;

/** A function that gives the most similar reference from the threshold up, by true Jaccard; the first one on ties. */
export function createNearSearch(
  index: NearReferences,
  forms: SharedTexts,
): (form: string) => { readonly reference: number; readonly similarity: number } | undefined {
  const { threshold, slots, heads, next, hashes, sizes } = index;
  const count = sizes.length;
  const hasher = new BandHasher(threshold);
  const found = new Uint32Array(hasher.bands);
  const seen = new Uint32Array(count);
  let round = 0;
  const kept = new Map<number, Uint32Array>();
  const setOf = (reference: number): Uint32Array => {
    let set = kept.get(reference);
    if (set === undefined) {
      set = shingles(textAt(forms, reference));
      if (kept.size === mostKept) {
        kept.clear();
      }
      kept.set(reference, set);
    }
    return set;
  };
  return (form) => {
    const set = shingles(form);
    hasher.hash(set, found);
    round += 1;
    let best = -1;
    let highest = 0;
    for (let band = 0; band < hasher.bands; band += 1) {
      const hash = found[band] ?? 0;
      for (
        let entry = heads[band * slots + (hash & (slots - 1))] ?? 0;
        entry !== 0;
        entry = next[band * count + entry - 1] ?? 0
      ) {
        const reference = entry - 1;
        if (hashes[band * count + reference] !== hash || seen[reference] === round) {
          continue;
        }
        seen[reference] = round;
        const size = sizes[reference] ?? 0;
        // Sets whose sizes differ by more than the threshold cannot reach it.
        if (Math.min(size, set.length) < threshold * Math.max(size, set.length)) {
          continue;
        }
        const similarity = jaccard(set, setOf(reference));
        if (similarity >= threshold && (similarity > highest || (similarity === highest && reference < best))) {
          best = reference;
          highest = similarity;
        }
      }
    }
    return best === -1 ? undefined : { reference: best, similarity: highest };
  };
}
