// The comparisons that need the rows' texts; they run in worker threads.
import { jaccard, Shingler, type ShingleSettings } from './shingler.ts';

export interface Similarity extends ShingleSettings {
  readonly threshold: number;
}

/** 1 for every pair of rows (two numbers each) whose inputs are similar enough. */
export function similarPairs(
  pairs: Uint32Array,
  { threshold, ...settings }: Similarity,
  inputOf: (row: number) => string,
): Uint8Array<ArrayBuffer> {
  const shingler = new Shingler(settings);
  const matches = new Uint8Array(pairs.length / 2);
  let known = -1;
  let left: Int32Array = new Int32Array();
  for (let index = 0; index < matches.length; index += 1) {
    const row = pairs[index * 2] ?? 0;
    if (row !== known) {
      left = shingler.set(inputOf(row));
      known = row;
    }
    matches[index] = jaccard(left, shingler.set(inputOf(pairs[index * 2 + 1] ?? 0))) >= threshold ? 1 : 0;
  }
  return matches;
}

/** Clusters one after another: `starts` says where in `members` each begins. */
export interface ClusterTask {
  readonly members: Uint32Array<ArrayBuffer>;
  readonly starts: Uint32Array<ArrayBuffer>;
}

export interface SettledClusters {
  /** For each member the kept member that it is like, or −1 when it is kept itself. */
  readonly keptInstead: Int32Array<ArrayBuffer>;
  /** Similarity to that one; 1 for kept members. */
  readonly similarity: Float32Array<ArrayBuffer>;
}

// A chain of texts, each a little different from the last, may keep many; beyond this a row is kept unseen.
const mostCompared = 256;

/**
 * Decides who is kept of every cluster: members are visited in the order given, and one is dropped when its similarity
 * to a kept member reaches the threshold. So every dropped row is like a kept one, not only like a link to it.
 */
export function settleClusters(
  { members, starts }: ClusterTask,
  { threshold, ...settings }: Similarity,
  inputOf: (row: number) => string,
): SettledClusters {
  const shingler = new Shingler(settings);
  const keptInstead = new Int32Array(members.length).fill(-1);
  const similarity = new Float32Array(members.length).fill(1);
  for (const [cluster, start] of starts.entries()) {
    const end = starts[cluster + 1] ?? members.length;
    const kept: { readonly row: number; readonly set: Int32Array }[] = [];
    for (let index = start; index < end; index += 1) {
      const row = members[index] ?? 0;
      const set = shingler.set(inputOf(row));
      let best = 0;
      let like = -1;
      for (const other of kept) {
        const score = jaccard(set, other.set);
        if (score >= threshold && score > best) {
          best = score;
          like = other.row;
        }
      }
      if (like !== -1) {
        keptInstead[index] = like;
        similarity[index] = best;
      } else if (kept.length < mostCompared) {
        kept.push({ row, set });
      }
    }
  }
  return { keptInstead, similarity };
}
