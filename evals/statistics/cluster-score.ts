// The score test of a bounded mean, for rows in clusters.
import { scoreOfExcess } from './bounded-score.ts';
import type { ClusterTotals } from './cluster-totals.ts';

/**
 * Score statistic of the hypothesis that the mean over rows is `mean`, each cluster being one observation of its sum
 * minus `mean` times its size. As in {@link scoreOfExcess}, weight may go to a cluster that was not seen.
 *
 * How bad such a cluster can be is a rule of ours: at least as far out as those seen, and at least m^(0.5 + 0.5 ICC) rows
 * all lost, m being the mean size: the spread of a sum of independent rows, and a whole cluster where its rows agree. The
 * rule is checked by simulation (docs/benchmarks/simulation.md), and has no other source.
 */
export function clusterScoreZ({ sums, sizes, rows }: ClusterTotals, icc: number, mean: number): number {
  const excess = sums.map((sum, cluster) => sum - mean * (sizes[cluster] ?? 0));
  const unseen = (rows / sums.length) ** (0.5 + 0.5 * icc);
  let [lowest, highest] = [0, 0];
  for (const value of excess) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return scoreOfExcess(excess, {
    below: Math.max(-lowest, (1 + mean) * unseen),
    above: Math.max(highest, (1 - mean) * unseen),
  });
}
