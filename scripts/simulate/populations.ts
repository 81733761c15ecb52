// Populations of row differences with a known mean, on a grid from -1 to 1.

/** Values with their chances, which add up to 1. */
export interface Population {
  readonly values: Float64Array;
  readonly chances: Float64Array;
}

export interface Shape {
  readonly label: string;
  /** What stands in the table. */
  readonly description: string;
  /** The population with this mean difference. */
  readonly withMean: (mean: number) => Population;
}

const step = 0.05;

/** Rows right or wrong, of which a share `discordance` differs. */
export function binary(discordance: number): Shape {
  return {
    label: `binary, ψ ${discordance}`,
    description: `right or wrong, the arms differ on ${100 * discordance} % of rows`,
    withMean: (mean) => ({
      values: Float64Array.of(-1, 0, 1),
      chances: Float64Array.of((discordance - mean) / 2, 1 - discordance, (discordance + mean) / 2),
    }),
  };
}

/** Scores from 0 to 1, from what metrics and judges give to what would mislead a careless interval. */
export const gradedShapes = {
  even: graded('even', 'differences about normal, standard deviation 0.25', (x) => Math.exp(-8 * x * x)),
  ties: graded('ties', 'the same, and most rows tied', (x) => (x === 0 ? 12 : Math.exp(-8 * x * x))),
  judge: graded('judge', 'differences of 0, ½ and 1', (x) => ({ 0: 60, 0.5: 8, 1: 4 })[Math.abs(x)] ?? 0),
  rareLoss: graded('rare losses', 'ties, small wins, and rare losses of 0.6 to 1', (x) =>
    x === 0 ? 90 : x === 0.1 ? 3 : [-0.6, -0.8, -1].includes(x) ? 1 : 0,
  ),
  severeLoss: graded('severe losses', 'small noise, and rare losses of 1', (x) =>
    Math.abs(x) <= 0.1 ? 20 : x === -1 ? 1 : 0,
  ),
  rareWin: graded(
    'rare wins',
    'small losses, and rare wins of 0.8 to 1',
    (x) => ({ '0': 50, '-0.1': 40, '-0.2': 10, '0.8': 1, '1': 2 })[String(x)] ?? 0,
  ),
} as const satisfies Record<string, Shape>;

function graded(label: string, description: string, weight: (value: number) => number): Shape {
  const values = Float64Array.from({ length: 41 }, (_, index) => Math.round(20 * (index * step - 1)) / 20 + 0);
  const weights = values.map((value) => weight(value));
  return { label: `graded, ${label}`, description, withMean: (mean) => tilted(values, weights, mean) };
}

/** Multiplies the chances of losses by one factor, so that the mean is as asked. */
function tilted(values: Float64Array, weights: Float64Array, mean: number): Population {
  let [low, high] = [0, 1e6];
  for (let halving = 0; halving < 200; halving += 1) {
    const factor = (low + high) / 2;
    const { total, sum } = moments(values, weights, factor);
    [low, high] = sum / total > mean ? [factor, high] : [low, factor];
  }
  const { total } = moments(values, weights, low);
  return { values, chances: weights.map((weight, index) => (weight * ((values[index] ?? 0) < 0 ? low : 1)) / total) };
}

function moments(values: Float64Array, weights: Float64Array, factor: number): { total: number; sum: number } {
  let [total, sum] = [0, 0];
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    const weight = (weights[index] ?? 0) * (value < 0 ? factor : 1);
    total += weight;
    sum += weight * value;
  }
  return { total, sum };
}

/** Variance of one row's difference. */
export function varianceOf({ values, chances }: Population): number {
  const mean = values.reduce((sum, value, index) => sum + value * (chances[index] ?? 0), 0);
  return values.reduce((sum, value, index) => sum + (value - mean) ** 2 * (chances[index] ?? 0), 0);
}
