// Anytime-valid inference on a mean difference: looks may be repeated, and one may stop at any of them.
import { crossing } from './crossing.ts';

/** Bets stay below this share of what would risk everything. */
const largestBet = 0.5;

/**
 * Largest wealth so far of a gambler who bets, row by row, that the mean of differences in [-1, 1] is above `mean`. Its
 * expectation is at most 1 when it is not, at every time at once, so it is an e-value: reaching 1/α, whenever looked at,
 * happens with a chance of at most α. Non-inferiority: `mean` is minus the margin.
 *
 * Hedged capital with the predictable plug-in bets of Waudby-Smith and Ramdas 2024 (doi:10.1093/jrsssb/qkad009),
 * equations 24 to 26. The order must be that of asking, and must not depend on the answers. Units must be independent or
 * exchangeable: for clusters pass {@link clusterMeans}, in which case the mean is that over clusters, each counting once,
 * and only clusters that are complete may be passed.
 *
 * @param alpha tunes the bets; the level at which the wealth will be read
 */
export function bettingWealth(differences: ArrayLike<number>, mean: number, alpha: number): number {
  return Math.exp(Math.max(0, largestLogWealth(scaled(differences), bets(differences, alpha), (mean + 1) / 2)));
}

/** Every mean above this bound; true at all times at once with a chance of 1 - alpha. */
export function anytimeLowerBound(differences: ArrayLike<number>, alpha: number): number {
  const values = scaled(differences);
  const lambdas = bets(differences, alpha);
  const statistic = (mean: number): number => largestLogWealth(values, lambdas, (mean + 1) / 2);
  return differences.length === 0 ? -1 : crossing(statistic, -Math.log(alpha), -1, 1);
}

/** Two-sided confidence sequence at its latest time: each side has half of the error. */
export function anytimeInterval(
  differences: ArrayLike<number>,
  confidence: number,
): { readonly low: number; readonly high: number } {
  const mirrored = Float64Array.from(differences, (difference) => -difference);
  const alpha = (1 - confidence) / 2;
  return { low: anytimeLowerBound(differences, alpha), high: -anytimeLowerBound(mirrored, alpha) };
}

/** The mean of each cluster, in order of first appearance. */
export function clusterMeans(values: ArrayLike<number>, clusters: readonly string[]): Float64Array {
  if (values.length !== clusters.length) {
    throw new RangeError(`${values.length} values with ${clusters.length} cluster names`);
  }
  const sums = new Map<string, { sum: number; rows: number }>();
  for (const [row, name] of clusters.entries()) {
    const { sum, rows } = sums.get(name) ?? { sum: 0, rows: 0 };
    sums.set(name, { sum: sum + (values[row] ?? Number.NaN), rows: rows + 1 });
  }
  return Float64Array.from(sums.values(), ({ sum, rows }) => sum / rows);
}

/** Differences in [-1, 1] as values in [0, 1], which the theory is written for. */
function scaled(differences: ArrayLike<number>): Float64Array {
  return Float64Array.from(differences, (difference) => {
    if (!(difference >= -1 && difference <= 1)) {
      throw new RangeError(`a difference of scores must lie between -1 and 1, not ${difference}`);
    }
    return (difference + 1) / 2;
  });
}

/** The bet before each value, from the values before it alone. */
function bets(differences: ArrayLike<number>, alpha: number): Float64Array {
  if (!(alpha > 0 && alpha < 1)) {
    throw new RangeError(`alpha must lie between 0 and 1, not ${alpha}`);
  }
  const lambdas = new Float64Array(differences.length);
  let sum = 0.5;
  let squares = 0.25;
  for (let index = 0; index < lambdas.length; index += 1) {
    const time = index + 1;
    const variance = squares / time;
    lambdas[index] = Math.sqrt((2 * Math.log(1 / alpha)) / (variance * time * Math.log(time + 1)));
    const value = ((differences[index] ?? Number.NaN) + 1) / 2;
    sum += value;
    squares += (value - sum / (time + 1)) ** 2;
  }
  return lambdas;
}

function largestLogWealth(values: Float64Array, lambdas: Float64Array, mean: number): number {
  const cap = largestBet / mean;
  let wealth = 0;
  let largest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index += 1) {
    wealth += Math.log1p(Math.min(lambdas[index] ?? 0, cap) * ((values[index] ?? 0) - mean));
    largest = Math.max(largest, wealth);
  }
  return largest;
}
