// Holm's correction: several claims at once, with the chance of any false one kept.

/** p values that differ by rounding alone must fall on the same side of a level. */
export const tieTolerance = 1e-12;

/**
 * Adjusted p values, in the order given; a claim holds at level α when its adjusted p value is at most α (Holm 1979,
 * Scandinavian Journal of Statistics 6:65-70). Valid whatever the dependence between the tests.
 */
export function holm(pValues: readonly number[]): number[] {
  requireProbabilities(pValues);
  const order = pValues.map((p, index) => ({ p, index })).toSorted((left, right) => left.p - right.p);
  const adjusted = pValues.map(() => 1);
  let largest = 0;
  for (const [rank, { p, index }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, p * (pValues.length - rank)));
    adjusted[index] = largest;
  }
  return adjusted;
}

/** Whether an adjusted p value makes its claim at level `alpha`. */
export function claims(adjusted: number, alpha: number): boolean {
  return adjusted <= alpha + tieTolerance;
}

export function requireProbabilities(pValues: readonly number[]): void {
  const wrong = pValues.find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined) {
    throw new RangeError(`a p value must lie between 0 and 1, not ${wrong}`);
  }
}
