// Draws rows, or whole clusters, with replacement and keeps the value of a statistic on each draw.
import { createWords } from './random.ts';

/** What to resample, and how often. */
export interface ResamplePlan {
  /** Number of rows. */
  readonly rows: number;
  /** The cluster of each row; whole clusters are drawn. Rows are drawn singly when absent. */
  readonly clusters?: readonly string[] | undefined;
  readonly seed: number;
  /** Number of resamples; at least 10,000 where the interval decides. */
  readonly resamples: number;
}

/** A statistic of chosen rows: indices, repeats allowed. Must be finite, and not keep the array. */
export type Statistic = (rows: Int32Array) => number;

/** A statistic with the values it took on resamples and on the rows without each unit. */
export interface Resampled {
  /** The statistic of all rows. */
  readonly value: number;
  /** Its values on the resamples, ascending. */
  readonly replicates: Float64Array;
  /** Its values without each unit, or block of units, in turn. */
  readonly jackknife: Float64Array;
  /** Number of rows of each unit: of each cluster, or 1. */
  readonly sizes: Int32Array;
}

/** Above this many units blocks of units are left out instead of single ones. */
const jackknifeLimit = 1000;

/** Evaluates a statistic on all rows, on every resample and on every jackknife sample. */
export function resample(plan: ResamplePlan, statistic: Statistic): Resampled {
  const units = unitsOf(plan);
  const checked = (rows: Int32Array): number => finite(statistic(rows));
  const gather = plan.clusters === undefined ? (chosen: Int32Array) => chosen : gatherer(units);
  const inOrder = Int32Array.from(units, (_, unit) => unit);
  return {
    value: checked(gather(inOrder)),
    replicates: replicatesOf(plan, units.length, (chosen) => checked(gather(chosen))),
    jackknife: leaveOneOut(inOrder, (rest) => checked(gather(rest))),
    sizes: Int32Array.from(units, (unit) => unit.length),
  };
}

/** Linear interpolation between order statistics, as numpy does; `sorted` ascends. */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const position = p * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

function replicatesOf({ seed, resamples }: ResamplePlan, count: number, statistic: Statistic): Float64Array {
  const fill = createWords(seed);
  const words = new Uint32Array(count);
  const drawn = new Int32Array(count);
  const scale = count / 2 ** 32;
  const replicates = new Float64Array(resamples);
  for (let sample = 0; sample < resamples; sample += 1) {
    fill(words);
    for (let draw = 0; draw < count; draw += 1) {
      drawn[draw] = (words[draw] ?? 0) * scale;
    }
    replicates[sample] = statistic(drawn);
  }
  return replicates.toSorted();
}

function unitsOf({ rows, clusters, resamples }: ResamplePlan): Int32Array[] {
  if (rows < 1 || resamples < 1 || (clusters !== undefined && clusters.length !== rows)) {
    throw new RangeError(`cannot resample ${rows} rows ${resamples} times with ${clusters?.length ?? 0} clusters`);
  }
  const all = Array.from({ length: rows }, (_, row) => row);
  if (clusters === undefined) {
    return all.map((row) => Int32Array.of(row));
  }
  const byCluster = Map.groupBy(all, (row) => clusters[row]);
  return [...byCluster.values()].map((members) => Int32Array.from(members));
}

/** Gathers the rows of units into one buffer, which the next call overwrites: resampling must not allocate. */
function gatherer(units: readonly Int32Array[]): (chosen: Int32Array) => Int32Array {
  const largest = units.reduce((size, unit) => Math.max(size, unit.length), 0);
  const buffer = new Int32Array(largest * units.length);
  return (chosen) => {
    let filled = 0;
    for (let draw = 0; draw < chosen.length; draw += 1) {
      const unit = units[chosen[draw] ?? 0];
      const size = unit?.length ?? 0;
      for (let member = 0; member < size; member += 1) {
        buffer[filled + member] = unit?.[member] ?? 0;
      }
      filled += size;
    }
    return buffer.subarray(0, filled);
  };
}

/** The statistic without each unit, or each block of units, in turn; empty when nothing would be left. */
function leaveOneOut(units: Int32Array, statistic: Statistic): Float64Array {
  if (units.length <= 2) {
    return new Float64Array();
  }
  const block = Math.ceil(units.length / jackknifeLimit);
  const rest = new Int32Array(units.length);
  const values = new Float64Array(Math.ceil(units.length / block));
  for (let index = 0; index < values.length; index += 1) {
    const start = index * block;
    rest.set(units.subarray(0, start));
    rest.set(units.subarray(start + block), start);
    values[index] = statistic(rest.subarray(0, units.length - Math.min(block, units.length - start)));
  }
  return values;
}

function finite(value: number): number {
  if (!Number.isFinite(value)) {
    throw new RangeError(`the statistic of a resample is ${value}`);
  }
  return value;
}
