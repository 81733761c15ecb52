// How often each output should come in training, and which rows are left out or repeated for that.
import type { BalanceRecipe } from '../../domain/recipe-dataset.ts';

/**
 * Rows of each output after rebalancing, so that the most frequent comes at most `ratio` times as often as the rarest:
 * `undersample` lowers the frequent ones to that (rounded down), `oversample` raises the rare ones (rounded up).
 * Outputs without rows are left alone.
 */
export function balancePlan(counts: ReadonlyMap<string, number>, settings: BalanceRecipe): Map<string, number> {
  let rarest = Number.POSITIVE_INFINITY;
  let mostFrequent = 0;
  for (const count of counts.values()) {
    rarest = count > 0 ? Math.min(rarest, count) : rarest;
    mostFrequent = Math.max(mostFrequent, count);
  }
  const ceiling = Math.floor(rarest * settings.ratio);
  const floor = Math.ceil(mostFrequent / settings.ratio);
  const target = (count: number): number =>
    count === 0 ? 0 : settings.method === 'undersample' ? Math.min(count, ceiling) : Math.max(count, floor);
  return new Map([...counts].map(([output, count]) => [output, target(count)]));
}

/**
 * How often a row is taken so that `count` rows of an output become `target`: all rows equally often, and once more those
 * first in seeded order. 0 leaves the row out.
 *
 * @param rank place of the row among the rows of its output in an order that the seed gives, from 0
 */
export function copiesOf(rank: number, count: number, target: number): number {
  return Math.floor(target / count) + (rank < target % count ? 1 : 0);
}
