// McNemar's test on discordant pairs, exact and by chi-square.
import { chiSquareTail } from './distributions.ts';

/** p values of McNemar's test, given that `wins` and `losses` are equally likely under the null. */
export interface McNemar {
  /** Exact two-sided p value, at most 1. */
  readonly twoSided: number;
  /** Exact one-sided p value of the alternative that wins are the likelier. */
  readonly oneSided: number;
  /** Two-sided mid-p value, less conservative (Fagerland, Lydersen, Laake 2013, doi:10.1186/1471-2288-13-91). */
  readonly midP: number;
  /** Two-sided p value of the chi-square form (McNemar 1947); for comparison with other software. */
  readonly chiSquare: number;
  /** The same with Edwards' continuity correction (1948). */
  readonly corrected: number;
}

/**
 * Whether wins and losses among pairs are equally likely; the exact forms are binomial.
 *
 * @param wins pairs that only the first arm has right
 * @param losses pairs that only the second arm has right
 */
export function mcnemar(wins: number, losses: number): McNemar {
  for (const count of [wins, losses]) {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new RangeError(`a count of pairs must be a non-negative integer, not ${count}`);
    }
  }
  const pairs = wins + losses;
  const fewer = Math.min(wins, losses);
  const tail = lowerTail(fewer, pairs);
  return {
    twoSided: Math.min(1, 2 * tail),
    oneSided: losses === fewer ? tail : 1 - lowerTail(fewer - 1, pairs),
    midP: Math.min(1, 2 * (tail - probability(fewer, pairs) / 2)),
    chiSquare: pairs === 0 ? 1 : chiSquareTail((wins - losses) ** 2 / pairs),
    corrected: pairs === 0 ? 1 : chiSquareTail(Math.max(0, Math.abs(wins - losses) - 1) ** 2 / pairs),
  };
}

/** P(X ≤ k) of a fair binomial, summed from its largest term downwards; k must not exceed half the pairs. */
function lowerTail(k: number, pairs: number): number {
  let term = probability(k, pairs);
  let sum = 0;
  for (let index = k; index >= 0 && term > 0; index -= 1) {
    sum += term;
    term *= index / (pairs - index + 1);
  }
  return Math.min(1, sum);
}

function probability(k: number, pairs: number): number {
  if (k < 0) {
    return 0;
  }
  let logarithm = -pairs * Math.LN2;
  for (let index = 1; index <= k; index += 1) {
    logarithm += Math.log((pairs - k + index) / index);
  }
  return Math.exp(logarithm);
}
