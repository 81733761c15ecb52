// A seeded random number generator: the same seed gives the same sequence on every machine.

/** Gives the next number in [0, 1), in steps of 2^-32. */
export type Random = () => number;

/**
 * Chris Doty-Humphrey's sfc32 (small fast counter, from PractRand): 128 bits of state, passes PractRand and
 * BigCrush. Not for secrets.
 *
 * @param seed integer from 0 to 2^53 - 1
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`a seed must be a non-negative integer, not ${seed}`);
  }
  let a = seed >>> 0;
  let b = Math.floor(seed / 2 ** 32) >>> 0;
  let c = 0x9e3779b9;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) >>> 0) + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = (b ^ (b >>> 9)) >>> 0;
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return sum / 2 ** 32;
  };
  // The first outputs still resemble the seed; the author discards twelve to fifteen.
  for (let round = 0; round < 15; round += 1) {
    next();
  }
  return next;
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
