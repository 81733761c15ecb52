// The deciding interval of a mean difference over rows in clusters.
import { countValues } from './bounded-score.ts';
import { correctedError, kurtosisFreedom } from './cluster-corrected.ts';
import { clusterExactPart } from './cluster-exact.ts';
import { clusterScoreZ } from './cluster-score.ts';
import { clusterTotals, type ClusterTotals } from './cluster-totals.ts';
import { crossing } from './crossing.ts';
import { tCdf, tQuantile } from './distributions.ts';
import { scorePart, standardized } from './independent-interval.ts';
import {
  fewClusters,
  fewRemark,
  hullOf,
  overlapOf,
  type DecidingInterval,
  type IntervalPart,
} from './interval-hull.ts';
import { varianceComponents } from './intraclass.ts';

/** See {@link decidingInterval}. */
export function clusteredInterval(
  differences: ArrayLike<number>,
  clusters: readonly string[],
  confidence: number,
): DecidingInterval {
  const totals = clusterTotals(differences, clusters);
  return totalsInterval(totals, scorePart(countValues(differences), confidence), confidence);
}

/**
 * The same from totals and the interval that independent rows would have, for whoever has them already.
 *
 * Both cluster intervals use Student's t with the corrected degrees of freedom, or fewer: those of the kurtosis where some
 * clusters stand out, and at most one less than the clusters in which the arms differ at all, since those that agree
 * throughout say nothing about the spread. Where the arms differ in hardly any cluster, so few degrees of freedom would make
 * them wider than what holds for any clusters at all: there they are cut at that exact bound.
 */
export function totalsInterval(totals: ClusterTotals, independent: IntervalPart, confidence: number): DecidingInterval {
  const clusters = totals.sums.length;
  const common = { difference: totals.mean, units: clusters, few: clusters < fewClusters };
  if (clusters < 2) {
    return { ...common, low: -1, high: 1, pAbove: () => 1, method: 'none: all rows are of one group' };
  }
  const { standardError, degreesOfFreedom } = correctedError(totals);
  const freedom = Math.max(1, Math.min(degreesOfFreedom, kurtosisFreedom(totals), totals.informative - 1));
  const critical = tQuantile(1 - (1 - confidence) / 2, freedom);
  const { icc } = varianceComponents(totals);
  const score = (mean: number): number => clusterScoreZ(totals, icc, mean);
  const robust = hullOf([
    {
      low: totals.mean - critical * standardError,
      high: totals.mean + critical * standardError,
      pAbove: (bound) => tCdf(standardized(bound - totals.mean, standardError), freedom),
    },
    {
      low: totals.mean <= -1 ? -1 : crossing(score, critical, -1, totals.mean),
      high: totals.mean >= 1 ? 1 : crossing(score, -critical, totals.mean, 1),
      pAbove: (bound) => tCdf(-score(bound), freedom),
    },
  ]);
  const exact = clusterExactPart(totals, confidence);
  const cut = exact.low > robust.low || exact.high < robust.high ? ' (the last two cut at an exact bound)' : '';
  const names = 'row score interval, cluster-robust t interval and cluster score interval';
  const method = `hull of ${names} over ${clusters} groups${fewRemark(clusters)}${cut}`;
  return { ...common, ...hullOf([independent, overlapOf(robust, exact)]), method };
}
