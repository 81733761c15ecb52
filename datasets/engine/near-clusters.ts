// Near duplicates as sets of rows: band hashes propose pairs, true Jaccard similarity decides.
import type { RowTable } from './row-table.ts';
import { UnionFind } from './union-find.ts';

export interface NearSearch {
  readonly bands: number;
  /** Band hashes of all records, in reading order. */
  readonly hashesOf: (band: number) => Promise<Int32Array>;
  /** For pairs of rows, two numbers each: 1 where their similarity reaches the threshold. */
  readonly verify: (pairs: Uint32Array<ArrayBuffer>) => Promise<Uint8Array>;
  readonly signal?: AbortSignal | undefined;
}

export interface NearClusters {
  /** Rows joined by verified pairs; a row may be unlike another of its set, but there is a chain between them. */
  readonly sets: UnionFind;
  readonly pairsCompared: number;
  /** Rows of very large buckets that were not compared with all others there; 0 unless thousands of rows share much text. */
  readonly rowsCutShort: number;
}

// A bucket up to this size has all its pairs compared; in a larger one each row is compared with one row of each set.
const smallBucket = 16;
const mostRounds = 64;

/**
 * The sets do not depend on the order of rows or comparisons: a pair is left out only where both are in one set
 * already. With `bands` × `rows` of datasets/engine/min-hasher.ts, a pair of similarity s is proposed with the
 * probability 1 − (1 − s^rows)^bands.
 */
export async function nearClusters({ records, rule }: RowTable, search: NearSearch): Promise<NearClusters> {
  const sets = new UnionFind(records);
  let pairsCompared = 0;
  let rowsCutShort = 0;

  async function compare(pairs: number[]): Promise<void> {
    search.signal?.throwIfAborted();
    pairsCompared += pairs.length / 2;
    const matches = await search.verify(Uint32Array.from(pairs));
    for (const [index, match] of matches.entries()) {
      if (match === 1) {
        sets.union(pairs[index * 2] ?? 0, pairs[index * 2 + 1] ?? 0);
      }
    }
  }

  for (let band = 0; band < search.bands; band += 1) {
    const buckets = bucketsOf(await search.hashesOf(band), rule);
    await compare(buckets.flatMap((bucket) => pairsWithFirst(bucket, sets)));
    await compare(buckets.filter(({ length }) => length <= smallBucket).flatMap((bucket) => otherPairs(bucket, sets)));
    let large = buckets.filter(({ length }) => length > smallBucket).map((bucket) => unlikeFirst(bucket, sets));
    for (let round = 0; large.some(({ length }) => length > 1); round += 1) {
      if (round === mostRounds) {
        rowsCutShort += large.reduce((sum, rows) => sum + rows.length, 0);
        break;
      }
      await compare(large.flatMap((rows) => pairsWithFirst(rows, sets)));
      large = large.map((rows) => unlikeFirst(rows, sets));
    }
  }
  return { sets, pairsCompared, rowsCutShort };
}

/** Rows still in that share a band hash with another, ascending, bucket by bucket. */
function bucketsOf(hashes: Int32Array, rule: Uint8Array): Uint32Array[] {
  // Hash and row number as one 64-bit number, which typed arrays sort natively.
  const packed = new Uint32Array(hashes.length * 2);
  let rows = 0;
  for (const [row, hash] of hashes.entries()) {
    if (rule[row] === 0) {
      packed[rows * 2] = row;
      packed[rows * 2 + 1] = hash;
      rows += 1;
    }
  }
  new BigUint64Array(packed.buffer, 0, rows).sort();
  const buckets: Uint32Array[] = [];
  for (let start = 0; start < rows;) {
    let end = start + 1;
    while (end < rows && packed[end * 2 + 1] === packed[start * 2 + 1]) {
      end += 1;
    }
    if (end - start > 1) {
      const bucket = new Uint32Array(end - start);
      for (let index = start; index < end; index += 1) {
        bucket[index - start] = packed[index * 2] ?? 0;
      }
      buckets.push(bucket);
    }
    start = end;
  }
  return buckets;
}

function pairsWithFirst(rows: Uint32Array, sets: UnionFind): number[] {
  const pairs: number[] = [];
  const first = rows[0] ?? 0;
  for (const row of rows.subarray(1)) {
    if (sets.find(row) !== sets.find(first)) {
      pairs.push(first, row);
    }
  }
  return pairs;
}

function otherPairs(rows: Uint32Array, sets: UnionFind): number[] {
  const pairs: number[] = [];
  for (let one = 1; one < rows.length; one += 1) {
    for (const other of rows.subarray(one + 1)) {
      const row = rows[one] ?? 0;
      if (sets.find(row) !== sets.find(other)) {
        pairs.push(row, other);
      }
    }
  }
  return pairs;
}

/** What is left to be compared of a large bucket: rows in other sets than its first one. */
function unlikeFirst(rows: Uint32Array, sets: UnionFind): Uint32Array {
  const first = sets.find(rows[0] ?? 0);
  return rows.filter((row) => sets.find(row) !== first);
}
