// The deciding interval of a difference of a metric that is no mean over rows.
import { bcaInterval, bcaPAbove } from './bca.ts';
import { fewClusters, fewRemark, hullOf, type DecidingInterval, type IntervalPart } from './interval-hull.ts';
import { jackknifeError, jackknifeInterval, jackknifePAbove } from './jackknife-t.ts';
import { resample, type ResamplePlan, type Statistic } from './resample.ts';

/** See {@link decidingInterval}. */
export function metricInterval(
  { statistic, ...plan }: ResamplePlan & { readonly statistic: Statistic },
  confidence: number,
): DecidingInterval {
  const resampled = resample(plan, statistic);
  const units = resampled.sizes.length;
  const few = plan.clusters !== undefined && units < fewClusters;
  const common = { difference: resampled.value, units, few };
  const error = jackknifeError(resampled);
  if (units < 2 || error === null) {
    return { ...common, low: -1, high: 1, pAbove: () => 1, method: `none: ${units} units are too few` };
  }
  const { method: ends, ...interval } = bcaInterval(resampled, confidence);
  const parts: IntervalPart[] = [
    { ...interval, pAbove: (bound) => bcaPAbove(resampled, bound) },
    {
      ...jackknifeInterval(resampled.value, error, confidence),
      pAbove: (bound) => jackknifePAbove(resampled.value, error, bound),
    },
  ];
  const drawn = plan.clusters === undefined ? 'rows' : 'groups';
  const bootstrap = `paired ${ends} bootstrap of ${units} ${drawn}, ${plan.resamples} resamples`;
  const remark = plan.clusters === undefined ? '' : fewRemark(units);
  return { ...common, ...hullOf(parts), method: `hull of ${bootstrap}, and jackknife t interval${remark}` };
}
