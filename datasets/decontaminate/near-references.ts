// Which references probably resemble a text: bands of MinHash signatures in typed arrays.
import { MinHasher } from '../engine/min-hasher.ts';
import { jaccard, Shingler } from '../engine/shingler.ts';
import { sharedNumbers, textAt, type SharedTexts } from './shared-arrays.ts';

/** Characters, since references are often short. */
const shingling = { shingle: 'chars', size: 5 } as const;

/**
 * Bands are cut for a similarity that is lower by this part, since a leak costs more than a needless comparison. At 0.8 that
 * is 16 bands of 7, which find 1 − (1 − 0.8⁷)¹⁶ = 97.7 % of pairs just at the threshold and more above. Fewer rows in a
 * band find the rest too, but make every long text a candidate: four times slower beside 200,000 references.
 */
const leeway = 0.05;

/** Entries are numbered by reference; band b of entry e is at b * references + e, its chain's head among `slots` of b. */
export interface NearReferences {
  readonly threshold: number;
  readonly slots: number;
  readonly heads: Uint32Array;
  readonly next: Uint32Array;
  readonly hashes: Int32Array;
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
  const hasher = new MinHasher(threshold * (1 - leeway));
  const shingler = new Shingler(shingling);
  const slots = 2 ** Math.ceil(Math.log2(Math.max(count, 1)));
  const heads = sharedNumbers(hasher.bands * slots);
  const next = sharedNumbers(hasher.bands * count);
  const hashes = new Int32Array(sharedNumbers(hasher.bands * count).buffer);
  const sizes = sharedNumbers(count);
  const found = new Int32Array(hasher.bands);
  for (let reference = 0; reference < count; reference += 1) {
    if (!wanted(reference)) {
      continue;
    }
    const set = shingler.set(textAt(forms, reference));
    sizes[reference] = set.length;
    hasher.sign(set, found, 0, 1);
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
  const hasher = new MinHasher(threshold * (1 - leeway));
  const shingler = new Shingler(shingling);
  const found = new Int32Array(hasher.bands);
  const seen = new Uint32Array(count);
  let round = 0;
  const kept = new Map<number, Int32Array>();
  const setOf = (reference: number): Int32Array => {
    let set = kept.get(reference);
    if (set === undefined) {
      set = shingler.set(textAt(forms, reference));
      if (kept.size === mostKept) {
        kept.clear();
      }
      kept.set(reference, set);
    }
    return set;
  };
  return (form) => {
    const set = shingler.set(form);
    hasher.sign(set, found, 0, 1);
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
