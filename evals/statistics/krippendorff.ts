// Krippendorff's alpha: agreement of any number of raters, with ratings missing.

/** What a difference of two ratings counts: `nominal` any alike, `interval` its square. */
export type AlphaMetric = 'nominal' | 'interval';

/**
 * Krippendorff 2004, Content Analysis, chapter 11: one minus observed over expected disagreement. Items with fewer than
 * two ratings say nothing and are left out. Throws when no item has two, or all ratings are equal.
 *
 * @param ratings for each item the ratings it got, as numbers; missing ones are left out or null
 */
export function krippendorffAlpha(ratings: readonly (readonly (number | null)[])[], metric: AlphaMetric): number {
  const items = ratings.map((item) => item.filter((rating) => rating !== null)).filter((item) => item.length > 1);
  const all = items.flat();
  if (all.length === 0 || !all.every((rating) => Number.isFinite(rating))) {
    throw new RangeError('alpha needs an item with two ratings, all of them finite');
  }
  const observed = items.reduce((sum, item) => sum + disagreement(item, metric) / (item.length - 1), 0) / all.length;
  const expected = disagreement(all, metric) / (all.length * (all.length - 1));
  if (expected === 0) {
    throw new RangeError('alpha has no value where all ratings are equal');
  }
  return 1 - observed / expected;
}

/** Sum over ordered pairs of what their difference counts, from counts of equal ratings. */
function disagreement(ratings: readonly number[], metric: AlphaMetric): number {
  const counts = new Map<number, number>();
  for (const rating of ratings) {
    counts.set(rating, (counts.get(rating) ?? 0) + 1);
  }
  let sum = 0;
  for (const [left, leftCount] of counts) {
    for (const [right, rightCount] of counts) {
      const distance = metric === 'nominal' ? Number(left !== right) : (left - right) ** 2;
      sum += leftCount * rightCount * distance;
    }
  }
  return sum;
}
