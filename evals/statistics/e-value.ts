// An e-value for wins against losses that may be looked at after every row.
import { logBeta } from './distributions.ts';

/**
 * E-value of "wins and losses are equally likely", by a Beta(½, ½) mixture over the chance of a win (Krichevsky and
 * Trofimov 1981; Ramdas, Grünwald, Vovk and Shafer 2023, doi:10.1214/23-STS894). Two-sided. One may stop as soon as it
 * reaches 1/α, whenever that is: the chance that it ever does under the hypothesis is at most α (Ville 1939).
 */
export function mcnemarEValue(wins: number, losses: number): number {
  for (const count of [wins, losses]) {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new RangeError(`a count of pairs must be a non-negative integer, not ${count}`);
    }
  }
  return Math.exp(logBeta(wins + 0.5, losses + 0.5) - Math.log(Math.PI) + (wins + losses) * Math.LN2);
}
