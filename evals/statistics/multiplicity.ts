// p values adjusted for the number of claims that are made together.

/**
 * Holm's step-down adjustment (Holm 1979, Scandinavian Journal of Statistics 6:65-70): rejecting where the adjusted p is
 * at most alpha keeps the chance of any false rejection below alpha, whatever the dependence.
 */
export function adjustHolm(ps: readonly number[]): number[] {
  const order = ascending(ps);
  let largest = 0;
  const adjusted = Array.from({ length: ps.length }, () => 1);
  order.forEach((place, rank) => {
    largest = Math.max(largest, Math.min(1, (ps.length - rank) * (ps[place] ?? 1)));
    adjusted[place] = largest;
  });
  return adjusted;
}

/**
 * Benjamini and Hochberg's step-up adjustment (1995, JRSS B 57:289-300): bounds the expected share of false rejections
 * among all, for independent or positively dependent p values.
 */
export function adjustBenjaminiHochberg(ps: readonly number[]): number[] {
  const order = ascending(ps).toReversed();
  let smallest = 1;
  const adjusted = Array.from({ length: ps.length }, () => 1);
  order.forEach((place, fromTop) => {
    smallest = Math.min(smallest, (ps.length * (ps[place] ?? 1)) / (ps.length - fromTop));
    adjusted[place] = smallest;
  });
  return adjusted;
}

/** Places of the p values, the smallest first. Throws RangeError on a p that is no probability. */
function ascending(ps: readonly number[]): number[] {
  for (const p of ps) {
    if (!(p >= 0 && p <= 1)) {
      throw new RangeError(`a p value must lie between 0 and 1, not ${p}`);
    }
  }
  return ps.map((_, place) => place).toSorted((left, right) => (ps[left] ?? 1) - (ps[right] ?? 1));
}
