// Newcombe's interval of the difference of two paired proportions, reported beside Tango's.
import { wilsonInterval } from './wilson.ts';

/** All four cells of paired binary outcomes. */
export interface PairedTable {
  readonly bothRight: number;
  readonly wins: number;
  readonly losses: number;
  readonly bothWrong: number;
}

/**
 * Newcombe 1998, Statistics in Medicine 17:2635-2650, method 10: the two Wilson intervals squared together, allowing for
 * the correlation of the pairs with a continuity correction.
 */
export function newcombeInterval(table: PairedTable, confidence: number): { low: number; high: number } {
  const { bothRight: a, wins: b, losses: c, bothWrong: d } = table;
  const n = a + b + c + d;
  if (![a, b, c, d].every((count) => Number.isSafeInteger(count) && count >= 0) || n === 0) {
    throw new RangeError(`impossible paired counts: ${a}, ${b}, ${c}, ${d}`);
  }
  const first = { value: (a + b) / n, ...wilsonInterval(a + b, n, confidence) };
  const second = { value: (a + c) / n, ...wilsonInterval(a + c, n, confidence) };
  const product = (a + b) * (c + d) * (a + c) * (b + d);
  const excess = a * d - b * c;
  const phi = product === 0 ? 0 : (excess > 0 ? Math.max(0, excess - n / 2) : excess) / Math.sqrt(product);
  const joined = (own: number, other: number): number =>
    Math.sqrt(Math.max(0, own * own - 2 * phi * own * other + other * other));
  const difference = first.value - second.value;
  return {
    low: difference - joined(first.value - first.low, second.high - second.value),
    high: difference + joined(first.high - first.value, second.value - second.low),
  };
}
