// Draws contests: row differences of one or five candidates, with clusters, each with exactly the population's mean.
import type { Words } from '../../evals/statistics/random.ts';
import type { Population } from './populations.ts';
import type { Clusters } from './setting.ts';

/** Where rows belong: the cluster of each row, numbered from 0. */
export interface Layout {
  readonly rows: number;
  readonly codes: Int32Array;
  readonly count: number;
}

/** Fills an array with indices of a population's values, drawn independently. */
export type Sampler = (rows: Uint8Array) => void;

/** Walker's alias method (Vose 1991): one word a draw, whatever the number of values. */
export function samplerOf({ chances }: Population, fill: Words): Sampler {
  const size = chances.length;
  const threshold = Float64Array.from(chances, (chance) => chance * size);
  const alias = Int32Array.from(chances, (_, index) => index);
  const small = [...threshold.keys()].filter((index) => (threshold[index] ?? 0) < 1);
  const large = [...threshold.keys()].filter((index) => (threshold[index] ?? 0) >= 1);
  while (small.length > 0 && large.length > 0) {
    const [low = 0, high = 0] = [small.pop(), large.pop()];
    alias[low] = high;
    threshold[high] = (threshold[high] ?? 0) - (1 - (threshold[low] ?? 0));
    ((threshold[high] ?? 0) < 1 ? small : large).push(high);
  }
  let words = new Uint32Array();
  return (rows) => {
    words = words.length === rows.length ? words : new Uint32Array(rows.length);
    fill(words);
    const scale = size / 2 ** 32;
    for (let row = 0; row < rows.length; row += 1) {
      const place = (words[row] ?? 0) * scale;
      const index = place | 0;
      rows[row] = place - index < (threshold[index] ?? 1) ? index : (alias[index] ?? index);
    }
  };
}

/** Rows without clusters are clusters of one. */
export function layoutOf(n: number, clusters: Clusters | null): Layout {
  if (clusters === null) {
    return { rows: n, codes: Int32Array.from({ length: n }, (_, row) => row), count: n };
  }
  const { count, size, sizes } = clusters;
  const rowsOf = (cluster: number): number =>
    sizes === 'equal' ? size : Math.max(1, Math.round(-size * Math.log(1 - (cluster + 0.5) / count)));
  const codes = Array.from({ length: count }, (_, cluster) =>
    Array.from({ length: rowsOf(cluster) }, () => cluster),
  ).flat();
  return { rows: codes.length, codes: Int32Array.from(codes), count };
}

/**
 * Fills `rows` with indices of values. Each cluster has a value of its own, which a row repeats with the chance √ICC and
 * else draws anew: so every row has the population's distribution, and two rows of a cluster the correlation ICC.
 */
export function drawRows(rows: Uint8Array, layout: Layout, icc: number, sampler: Sampler, fill: Words): void {
  sampler(rows);
  if (icc === 0) {
    return;
  }
  const own = new Uint8Array(layout.count);
  sampler(own);
  const words = new Uint32Array(rows.length);
  fill(words);
  const limit = Math.sqrt(icc) * 2 ** 32;
  for (let row = 0; row < rows.length; row += 1) {
    if ((words[row] ?? 0) < limit) {
      rows[row] = own[layout.codes[row] ?? 0] ?? 0;
    }
  }
}

/**
 * Candidates that share a baseline are alike: with the chance ½ a row of each repeats what is drawn for all, which keeps
 * the distribution of every single candidate.
 */
export function mix(rows: Uint8Array, shared: Uint8Array, fill: Words): void {
  const words = new Uint32Array(Math.ceil(rows.length / 32));
  fill(words);
  for (let row = 0; row < rows.length; row += 1) {
    if ((((words[row >>> 5] ?? 0) >>> (row & 31)) & 1) === 1) {
      rows[row] = shared[row] ?? 0;
    }
  }
}
