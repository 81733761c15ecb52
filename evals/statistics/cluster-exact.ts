// Bounds for the mean of clusters that suppose nothing of them but independence and values from -1 to 1.
import type { ClusterTotals } from './cluster-totals.ts';
import { crossing } from './crossing.ts';
import { overlapOf, type IntervalPart } from './interval-hull.ts';

/**
 * What holds for any independent clusters of given sizes: the overlap of {@link capitalPart} and {@link countPart}. Wide,
 * since it allows for whole clusters that are lost; other intervals need never be wider. Each end of each errs with at most
 * the chance α = (1 - confidence) / 2.
 */
export function clusterExactPart(totals: ClusterTotals, confidence: number): IntervalPart {
  return overlapOf(capitalPart(totals, confidence), countPart(totals, confidence));
}

/**
 * With cluster means D and shares of all rows w, 1 + low = α^(1/G) Π (1 + D)^w, G = rows / largest size being the effective
 * number of clusters. The high end is that of the arms swapped. Where all clusters tie that is the exact binomial bound of
 * a cluster lost as a whole, 1 - α^(1/G) (Clopper and Pearson 1934 at no failures). One such cluster leaves low at -1.
 *
 * Proof: E = Π ((1 + D) / (1 + μ))^(w G) has a mean of at most 1, since all exponents are at most 1 (Jensen) and
 * Π (1 + μ_g)^w ≤ 1 + μ for the clusters' own means μ_g (arithmetic and geometric mean). So E ≥ 1/α has at most the
 * chance α (Markov's inequality).
 */
export function capitalPart(totals: ClusterTotals, confidence: number): IntervalPart {
  const effective = effectiveClusters(totals);
  const logAlpha = Math.log((1 - confidence) / 2);
  const [logGain, logLoss] = [logMean(totals, 1), logMean(totals, -1)];
  return {
    low: Math.expm1(logAlpha / effective + logGain),
    high: -Math.expm1(logAlpha / effective + logLoss),
    pAbove: (bound) => {
      const excess = logGain - Math.log1p(Math.max(-1, bound));
      return Number.isNaN(excess) ? 1 : Math.min(1, Math.exp(-effective * excess));
    },
  };
}

/**
 * From the number K of clusters with a net loss alone: the mean is at least -1 times their share, and no cluster's share is
 * above 1/G. So low = -λ/G with λ the upper Poisson limit of K, whose tail is that of a count of unlike clusters or more
 * (Hoeffding 1956, Annals of Mathematical Statistics 27:713-721; Anderson and Samuels 1967).
 */
export function countPart(totals: ClusterTotals, confidence: number): IntervalPart {
  const effective = effectiveClusters(totals);
  const alpha = (1 - confidence) / 2;
  const losses = totals.sums.filter((sum) => sum < 0).length;
  const wins = totals.sums.filter((sum) => sum > 0).length;
  const tail = (count: number, share: number): number => poissonTail(count, share * effective);
  const limit = (count: number): number =>
    tail(count, 1) >= alpha ? 1 : crossing((share) => tail(count, share), alpha, 0, 1);
  return {
    low: -limit(losses),
    high: limit(wins),
    pAbove: (bound) => tail(losses, Math.max(0, -bound)),
  };
}

function effectiveClusters({ rows, sizes }: ClusterTotals): number {
  return rows / Math.max(...sizes);
}

/** Mean over rows of log(1 + sign · D), D being the mean of the row's cluster. */
function logMean({ sums, sizes, rows }: ClusterTotals, sign: number): number {
  return sums.reduce((all, sum, cluster) => {
    const size = sizes[cluster] ?? 0;
    return all + (size / rows) * Math.log1p(Math.max(-1, (sign * sum) / size));
  }, 0);
}

/** P(X ≤ count) of the Poisson distribution. */
function poissonTail(count: number, mean: number): number {
  let [logTerm, sum] = [-mean, Math.exp(-mean)];
  for (let k = 1; k <= count; k += 1) {
    logTerm += Math.log(mean / k);
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}
