// Seeded choices for generated texts.

export interface Choices {
  /** An integer from 0 to bound - 1. */
  readonly below: (bound: number) => number;
  readonly pick: <T>(items: readonly [T, ...T[]]) => T;
  /** So many characters of an alphabet. */
  readonly of: (alphabet: string, length: number) => string;
  readonly digits: (length: number) => string;
  /** Each # becomes a digit. */
  readonly fill: (shape: string) => string;
}

/** Tommy Ettinger’s mulberry32. */
export function choicesFrom(seed: number): Choices {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  const of = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet.charAt(below(alphabet.length))).join('');
  const digits = (length: number): string => of('0123456789', length);
  return {
    below,
    of,
    digits,
    pick: (items) => items[below(items.length)] ?? items[0],
    fill: (shape) => shape.replaceAll('#', () => digits(1)),
  };
}

export const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
export const lower = 'abcdefghijklmnopqrstuvwxyz';
export const hex = '0123456789abcdef';
export const alphanumeric = `${upper}${lower}0123456789`;
export const base64url = `${alphanumeric}-_`;
