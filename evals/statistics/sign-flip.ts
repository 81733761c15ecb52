// Sign-flip permutation test of a mean difference, over rows or whole clusters.
import { createWords } from './random.ts';

/** What is tested, and how. */
export interface SignFlipPlan {
  /** Differences, candidate minus other. */
  readonly differences: ArrayLike<number>;
  /** The cluster of each row; the sign of a whole cluster flips. */
  readonly clusters?: readonly string[] | undefined;
  /** The mean under the hypothesis; minus the margin for non-inferiority, 0 when absent. */
  readonly mean?: number;
  /** `greater` looks for a larger mean only. */
  readonly alternative: 'two-sided' | 'greater';
  readonly seed: number;
  /** Random flips when there are too many units to try all. */
  readonly resamples: number;
}

export interface SignFlip {
  readonly p: number;
  /** True when every assignment of signs was tried. */
  readonly exact: boolean;
  /** Number of units whose signs flip: rows, or clusters. */
  readonly units: number;
}

/** Up to this many units all 2^n assignments are tried. */
const exactLimit = 20;

/**
 * Fisher 1935, The Design of Experiments, section 21; p = (1 + hits) / (1 + resamples) by Phipson and Smyth 2010
 * (doi:10.2202/1544-6115.1585) where signs are drawn. It takes differences as symmetric around the hypothesised mean.
 */
export function signFlip(plan: SignFlipPlan): SignFlip {
  const units = unitSums(plan);
  const observed = units.reduce((sum, unit) => sum + unit, 0);
  // Equal sums in another order of addition must count as equal.
  const scale = units.reduce((sum, unit) => sum + Math.abs(unit), 0);
  const threshold = (plan.alternative === 'greater' ? observed : Math.abs(observed)) - 1e-12 * scale;
  const isHit = (sum: number): boolean => (plan.alternative === 'greater' ? sum : Math.abs(sum)) >= threshold;
  if (units.length <= exactLimit) {
    return { p: exactHits(units, isHit) / 2 ** units.length, exact: true, units: units.length };
  }
  const hits = randomHits(units, plan, isHit);
  return { p: (1 + hits) / (1 + plan.resamples), exact: false, units: units.length };
}

function unitSums({ differences, clusters, mean = 0 }: SignFlipPlan): Float64Array {
  if (differences.length === 0 || (clusters !== undefined && clusters.length !== differences.length)) {
    throw new RangeError(`${differences.length} differences with ${clusters?.length ?? 0} cluster names`);
  }
  const sums = new Map<string | number, number>();
  for (let row = 0; row < differences.length; row += 1) {
    const key = clusters?.[row] ?? row;
    sums.set(key, (sums.get(key) ?? 0) + (differences[row] ?? Number.NaN) - mean);
  }
  const units = Float64Array.from(sums.values());
  if (!units.every((unit) => Number.isFinite(unit))) {
    throw new RangeError('differences must be finite');
  }
  return units;
}

/** Walks through all assignments in Gray code order, so that each step flips one sign. */
function exactHits(units: Float64Array, isHit: (sum: number) => boolean): number {
  const signed = Float64Array.from(units);
  let sum = units.reduce((total, unit) => total + unit, 0);
  let hits = isHit(sum) ? 1 : 0;
  for (let step = 1; step < 2 ** units.length; step += 1) {
    const flipped = 31 - Math.clz32(step & -step);
    const value = signed[flipped] ?? 0;
    sum -= 2 * value;
    signed[flipped] = -value;
    hits += isHit(sum) ? 1 : 0;
  }
  return hits;
}

function randomHits(units: Float64Array, { seed, resamples }: SignFlipPlan, isHit: (sum: number) => boolean): number {
  const fill = createWords(seed);
  const words = new Uint32Array(Math.ceil(units.length / 32));
  let hits = 0;
  for (let sample = 0; sample < resamples; sample += 1) {
    fill(words);
    let sum = 0;
    for (let unit = 0; unit < units.length; unit += 1) {
      const bit = ((words[unit >>> 5] ?? 0) >>> (unit & 31)) & 1;
      sum += (2 * bit - 1) * (units[unit] ?? 0);
    }
    hits += isHit(sum) ? 1 : 0;
  }
  return hits;
}
