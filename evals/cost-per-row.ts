// What one answer of an arm costs.
import type { Contestant } from './compare.ts';

/** Cost of an answer in USD, or why it is not known. */
export type RowCost = { readonly usd: number } | { readonly usd: null; readonly why: string };

/**
 * An arm with a price: what all its answers cost at that price, over the rows. An arm that we serve: hourly price of the
 * machine × the hours its answers took, over the rows, at the load of the evaluation. Answers from the cache took no
 * time, so that the hours are those of the others; where all come from the cache nothing was measured.
 *
 * @param usdPerHour price of the machine that serves our own models
 */
export function costPerRow({ arm, results, scorecard }: Contestant, usdPerHour: number | undefined): RowCost {
  if (arm.provider !== 'served') {
    return scorecard.costUsd === null
      ? { usd: null, why: `${arm.label} has no price, or rows without one` }
      : { usd: scorecard.costUsd / scorecard.n };
  }
  if (usdPerHour === undefined) {
    return { usd: null, why: `evaluate.serving.usd_per_hour is not set, so what ${arm.label} costs is unknown` };
  }
  const asked = results.filter(({ cached }) => !cached).length;
  return asked === 0
    ? { usd: null, why: `all answers of ${arm.label} come from earlier runs, so that their time was not measured` }
    : { usd: ((scorecard.seconds / 3600) * usdPerHour) / asked };
}
