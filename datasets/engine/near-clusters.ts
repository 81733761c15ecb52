// Near duplicates as sets of rows: band hashes propose pairs, true Jaccard similarity decides.
import type { RowTable } from './row-table.ts';
import { UnionFind } from './union-find.ts';

export interface NearSearch {
  readonly bands: number;
  /** Reads the hashes of a band of all records, in reading order. */
  readonly readHashes: (band: number, into: Int32Array) => Promise<void>;
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
const mostPairs = 500_000;

/**
 * The sets do not depend on the order of rows or comparisons: a pair is left out only where both are in one set
 * already. With `bands` × `rows` of datasets/engine/min-hasher.ts, a pair of similarity s is proposed with the
 * probability 1 − (1 − s^rows)^bands.
 */
export async function nearClusters({ records, rule }: RowTable, search: NearSearch): Promise<NearClusters> {
  const sets = new UnionFind(records);
  let pairsCompared = 0;
  let rowsCutShort = 0;

  async function compare(pairs: Uint32Array<ArrayBuffer>): Promise<void> {
    search.signal?.throwIfAborted();
    pairsCompared += pairs.length / 2;
    const matches = await search.verify(pairs);
    for (let index = 0; index < matches.length; index += 1) {
      if (matches[index] === 1) {
        sets.union(pairs[index * 2] ?? 0, pairs[index * 2 + 1] ?? 0);
      }
    }
  }

  /** Pairs of rows in different sets, bucket by bucket, in portions: there may be many more pairs than rows. */
  async function compareEach(buckets: Iterable<Uint32Array>, add: typeof addPairsWithFirst): Promise<void> {
    const pairs = new PairList();
    for (const bucket of buckets) {
      add(pairs, bucket, sets);
      if (pairs.count >= mostPairs) {
        await compare(pairs.take());
      }
    }
    await compare(pairs.take());
  }

  // For all bands the same memory: what is let go stays in use until somebody looks.
  const hashes = new Int32Array(records);
  const packed = new Uint32Array(records * 2);
  for (let band = 0; band < search.bands; band += 1) {
    await search.readHashes(band, hashes);
    const buckets = bucketsOf(hashes, rule, packed);
    await compareEach(each(buckets, 2), addPairsWithFirst);
    await compareEach(each(buckets, 3, smallBucket), addOtherPairs);
    let large = [...each(buckets, smallBucket + 1)].map((bucket) => unlikeFirst(bucket, sets));
    for (let round = 0; large.some(({ length }) => length > 1); round += 1) {
      if (round === mostRounds) {
        rowsCutShort += large.reduce((sum, rows) => sum + rows.length, 0);
        break;
      }
      await compareEach(large, addPairsWithFirst);
      large = large.map((rows) => unlikeFirst(rows, sets));
    }
  }
  return { sets, pairsCompared, rowsCutShort };
}

/** Pairs of rows, two numbers each. */
class PairList {
  count = 0;
  #numbers = new Uint32Array(1024);

  add(left: number, right: number): void {
    if (this.count * 2 === this.#numbers.length) {
      const larger = new Uint32Array(this.#numbers.length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.count * 2] = left;
    this.#numbers[this.count * 2 + 1] = right;
    this.count += 1;
  }

  /** The pairs, in memory of their own; the list is empty afterwards. */
  take(): Uint32Array<ArrayBuffer> {
    const taken = this.#numbers.slice(0, this.count * 2);
    this.count = 0;
    return taken;
  }
}

/** Buckets one after another: `starts` says where in `rows` each begins, and at last where they end. */
interface Buckets {
  readonly rows: Uint32Array;
  readonly starts: Uint32Array;
}

/** Buckets with so many rows. */
function* each({ rows, starts }: Buckets, least: number, most = Infinity): Generator<Uint32Array> {
  for (let bucket = 0; bucket + 1 < starts.length; bucket += 1) {
    const [start = 0, end = 0] = [starts[bucket], starts[bucket + 1]];
    if (end - start >= least && end - start <= most) {
      yield rows.subarray(start, end);
    }
  }
}

/** Rows still in that share a band hash with another, ascending, bucket by bucket. */
function bucketsOf(hashes: Int32Array, rule: Uint8Array, packed: Uint32Array<ArrayBuffer>): Buckets {
  // Hash and row number as one 64-bit number, which typed arrays sort natively.
  let count = 0;
  for (let row = 0; row < hashes.length; row += 1) {
    if (rule[row] === 0) {
      packed[count * 2] = row;
      packed[count * 2 + 1] = hashes[row] ?? 0;
      count += 1;
    }
  }
  new BigUint64Array(packed.buffer, 0, count).sort();
  // What stays is written over what was read: a bucket never has more rows than were passed.
  const starts = new Uint32Array(Math.floor(count / 2) + 1);
  const rows = packed.subarray(0, count);
  let [buckets, kept] = [0, 0];
  for (let start = 0; start < count;) {
    const hash = packed[start * 2 + 1];
    let end = start + 1;
    while (end < count && packed[end * 2 + 1] === hash) {
      end += 1;
    }
    if (end - start > 1) {
      starts[buckets] = kept;
      buckets += 1;
      for (let index = start; index < end; index += 1) {
        rows[kept] = packed[index * 2] ?? 0;
        kept += 1;
      }
    }
    start = end;
  }
  starts[buckets] = kept;
  return { rows: rows.slice(0, kept), starts: starts.slice(0, buckets + 1) };
}

function addPairsWithFirst(pairs: PairList, rows: Uint32Array, sets: UnionFind): void {
  const first = rows[0] ?? 0;
  for (let index = 1; index < rows.length; index += 1) {
    const row = rows[index] ?? 0;
    if (sets.find(row) !== sets.find(first)) {
      pairs.add(first, row);
    }
  }
}

function addOtherPairs(pairs: PairList, rows: Uint32Array, sets: UnionFind): void {
  for (let one = 1; one < rows.length; one += 1) {
    const row = rows[one] ?? 0;
    for (let index = one + 1; index < rows.length; index += 1) {
      const other = rows[index] ?? 0;
      if (sets.find(row) !== sets.find(other)) {
        pairs.add(row, other);
      }
    }
  }
}

/** What is left to be compared of a large bucket: rows in other sets than its first one. */
function unlikeFirst(rows: Uint32Array, sets: UnionFind): Uint32Array {
  const first = sets.find(rows[0] ?? 0);
  return rows.filter((row) => sets.find(row) !== first);
}
