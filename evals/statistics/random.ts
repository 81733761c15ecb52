// A seeded random number generator: the same seed gives the same sequence on every machine.

/** Gives the next number in [0, 1), in steps of 2^-32. */
export type Random = () => number;

/** Fills a buffer with the next words of a sequence, each from 0 to 2^32 - 1. */
export type Words = (buffer: Uint32Array) => void;

/**
 * Chris Doty-Humphrey's sfc32 (small fast counter, from PractRand): 128 bits of state, passes PractRand and
 * BigCrush. Not for secrets. It fills whole buffers, since a call for each number costs more than the number.
 *
 * @param seed integer from 0 to 2^53 - 1
 */
export function createWords(seed: number): Words {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`a seed must be a non-negative integer, not ${seed}`);
  }
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const fill = (buffer: Uint32Array): void => {
    let [p, q, r, t] = [a, b, c, counter];
    for (let index = 0; index < buffer.length; index += 1) {
      const sum = (((p + q) | 0) + t) | 0;
      t = (t + 1) | 0;
      p = q ^ (q >>> 9);
      q = (r + (r << 3)) | 0;
      r = (((r << 21) | (r >>> 11)) + sum) | 0;
      buffer[index] = sum;
    }
    [a, b, c, counter] = [p, q, r, t];
  };
  // The first outputs still resemble the seed; the author discards twelve to fifteen.
  fill(new Uint32Array(15));
  return fill;
}

/**
 * The same sequence one number at a time.
 *
 * @param seed integer from 0 to 2^53 - 1
 */
export function createRandom(seed: number): Random {
  const fill = createWords(seed);
  const words = new Uint32Array(64);
  let position = words.length;
  return () => {
    if (position === words.length) {
      fill(words);
      position = 0;
    }
    position += 1;
    return (words[position - 1] ?? 0) / 2 ** 32;
  };
}

/** A random integer from 0 to `bound` - 1. The bias is at most bound / 2^32. */
export function randomInteger(random: Random, bound: number): number {
  return Math.floor(random() * bound);
}

/** A copy of `items` in random order: sorted by random keys, ties by position. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .toSorted((left, right) => left.key - right.key)
    .map(({ item }) => item);
}
