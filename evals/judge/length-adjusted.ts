// The preference at equal length: judges like long answers, and a candidate must not win by being long.
import type { LengthEffect, RowJudgement } from '../../domain/judgement.ts';
import { clustersOf } from '../clusters.ts';
import { fractionalLogit, logistic } from '../statistics/fractional-logit.ts';

/**
 * - `estimated`: see {@link adjustForLength}.
 * - `equal_lengths`: the answers are always equally long, so length explains nothing.
 * - `no_overlap`: hardly a row has answers of about equal length, or of the other order of lengths: what judges would
 *   say at equal length is not in the data.
 */
export type LengthAdjustment =
  | { readonly kind: 'estimated'; readonly effect: LengthEffect }
  | { readonly kind: 'equal_lengths' }
  | { readonly kind: 'no_overlap'; readonly rows: number };

/** Rows that must speak for equal length. */
export const overlapRows = 20;
/** Answers are about equally long when they differ by no more than this share of their mean length. */
const aboutEqual = 0.1;

/**
 * Regresses the log odds of the preference on tanh(difference in characters / its standard deviation), the length term
 * of Dubois et al. (2024, arXiv:2404.04475), and on the sign of the difference, and reads them at a difference of 0. The
 * sign is for judges that take the longer answer however little longer it is: without it their taste for length leaks
 * into the result. Rows with two answers that could be read take part. Rows that were decided by a missing answer keep their preference, so that the
 * adjusted number is one over all rows, like the raw one.
 *
 * @param cluster what makes rows dependent: `group`, `none`, or the name of a tag
 */
export function adjustForLength(
  rows: readonly RowJudgement[],
  confidence: number,
  cluster = 'group',
): LengthAdjustment {
  const answered = rows.filter(({ settled }) => settled === 'judged' || settled === 'identical');
  const used = answered.filter(({ unreadable }) => !unreadable);
  const differences = used.map(({ lengths }) => lengths.candidate - lengths.other);
  const mean = differences.reduce((sum, one) => sum + one, 0) / used.length;
  if (differences.every((one) => one === 0)) {
    return { kind: 'equal_lengths' };
  }
  const supporting = used.filter(({ lengths: { candidate, other } }) => {
    const difference = candidate - other;
    return Math.abs(difference) <= (aboutEqual * (candidate + other)) / 2 || difference * mean < 0;
  }).length;
  const clusters = clustersOf(used, cluster) ?? used.map(({ rowId }) => rowId);
  if (supporting < overlapRows || new Set(clusters).size < 2) {
    return { kind: 'no_overlap', rows: supporting };
  }
  const spread = Math.sqrt(differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / used.length);
  const fit = fractionalLogit(
    {
      shares: used.map(({ preference }) => (preference + 1) / 2),
      regressors: [
        differences.map((one) => (spread === 0 ? Math.sign(one) : Math.tanh(one / spread))),
        differences.map((one) => Math.sign(one)),
      ],
      clusters,
    },
    confidence,
  );
  const missing = rows.filter(({ settled }) => settled === 'candidate_missing' || settled === 'other_missing');
  const decided = missing.reduce((sum, { preference }) => sum + preference, 0);
  // Rows without a preference (unreadable, both missing) count as ties, as in the raw mean.
  const overAll = (logOdds: number): number => ((2 * logistic(logOdds) - 1) * used.length + decided) / rows.length;
  const effect = {
    meanDifference: mean,
    slope: fit.slopes[0] ?? 0,
    step: fit.slopes[1] ?? 0,
    adjusted: overAll(fit.intercept),
    low: overAll(fit.low),
    high: overAll(fit.high),
    confidence,
  };
  return { kind: 'estimated', effect };
}
