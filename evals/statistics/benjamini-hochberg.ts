// Benjamini and Hochberg's correction: for exploring slices, never for a promotion.
import { requireProbabilities } from './holm.ts';

/**
 * Adjusted p values, in the order given: claims with at most q are expected to hold a share of at most q of false ones
 * (Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x), for tests that are independent or positively
 * dependent.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  requireProbabilities(pValues);
  const order = pValues.map((p, index) => ({ p, index })).toSorted((left, right) => right.p - left.p);
  const adjusted = pValues.map(() => 1);
  let smallest = 1;
  for (const [place, { p, index }] of order.entries()) {
    smallest = Math.min(smallest, (p * pValues.length) / (pValues.length - place));
    adjusted[index] = smallest;
  }
  return adjusted;
}
