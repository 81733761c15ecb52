// A seeded part of the rows of a split, in their order, without holding the others.
import { createHash } from 'node:crypto';

/** Bytes of rows that are taken; a sample of long texts has fewer rows. */
const mostBytes = 64 * 2 ** 20;

/** How many rows of a file of so many rows and bytes are taken. */
export function sampleSize(rows: number, bytes: number, most: number): number {
  const meanBytes = bytes / Math.max(rows, 1);
  return Math.min(rows, most, Math.max(1, Math.floor(mostBytes / Math.max(meanBytes, 1))));
}

/**
 * Takes `wanted` of `total` lines, each as probable as any other (selection sampling, Knuth, The Art of Computer
 * Programming 2, section 3.4.2, algorithm S).
 */
export async function* sampleLines(
  lines: AsyncIterable<string>,
  { total, wanted, seed }: { readonly total: number; readonly wanted: number; readonly seed: number },
): AsyncGenerator<string> {
  let [seen, taken] = [0, 0];
  for await (const line of lines) {
    if (taken === wanted) {
      return;
    }
    if ((total - seen) * chance(seed, seen) < wanted - taken) {
      taken += 1;
      yield line;
    }
    seen += 1;
  }
}

/** From 0 to 1, by seed and number of the line. */
function chance(seed: number, line: number): number {
  return createHash('sha256').update(`sample:${seed}:${line}`).digest().readUInt32BE(0) / 2 ** 32;
}
