// Seeded bootstrap intervals (BCa) of any statistic of rows, cluster-aware.
import { normalCdf, normalQuantile } from './distributions.ts';
import { createRandom, randomInteger } from './random.ts';

/** What to resample, and how often. */
export interface BootstrapPlan {
  /** Number of rows. */
  readonly rows: number;
  /** The cluster of each row; whole clusters are drawn. Rows are drawn singly when absent. */
  readonly clusters?: readonly string[] | undefined;
  readonly confidence: number;
  readonly seed: number;
  /** Number of resamples; at least 10,000 where the interval decides. */
  readonly resamples: number;
}

/** A bootstrap interval and how it was made. */
export interface BootstrapInterval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** `percentile` where BCa is not defined, for example when all resamples agree. */
  readonly method: 'BCa' | 'percentile';
  /** Number of units that were drawn: clusters, or rows. */
  readonly units: number;
}

/** Above this many units the acceleration comes from leaving out blocks of units instead of single ones. */
const jackknifeLimit = 1000;

/**
 * Bias-corrected and accelerated interval (Efron 1987, doi:10.1080/01621459.1987.10478410; Davison and Hinkley
 * 1997, section 5.3.2). For a paired comparison the statistic is the difference of a metric on the same rows.
 *
 * @param statistic value on the rows with these indices (repeats allowed); must be finite, and not keep the array
 */
export function bootstrapInterval(plan: BootstrapPlan, statistic: (rows: Int32Array) => number): BootstrapInterval {
  const units = unitsOf(plan);
  const count = units.length;
  const gather = gatherer(units);
  const inOrder = Int32Array.from(units, (_, unit) => unit);
  const value = finite(statistic(gather(inOrder)));
  const random = createRandom(plan.seed);
  const drawn = new Int32Array(count);
  const replicates = new Float64Array(plan.resamples);
  for (let resample = 0; resample < plan.resamples; resample += 1) {
    for (let draw = 0; draw < count; draw += 1) {
      drawn[draw] = randomInteger(random, count);
    }
    replicates[resample] = finite(statistic(gather(drawn)));
  }
  replicates.sort();

  const alpha = (1 - plan.confidence) / 2;
  const adjust = bcaAdjustment(replicates, value, () =>
    leaveOneOut(inOrder, (rest) => finite(statistic(gather(rest)))),
  );
  const [low, high] = adjust === null ? [alpha, 1 - alpha] : [adjust(alpha), adjust(1 - alpha)];
  return {
    value,
    low: quantile(replicates, low),
    high: quantile(replicates, high),
    method: adjust === null ? 'percentile' : 'BCa',
    units: count,
  };
}

/** Linear interpolation between order statistics, as numpy does; `sorted` ascends. */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const position = p * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

function unitsOf({ rows, clusters, resamples }: BootstrapPlan): Int32Array[] {
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
    for (const unit of chosen) {
      for (const row of units[unit] ?? []) {
        buffer[filled] = row;
        filled += 1;
      }
    }
    return buffer.subarray(0, filled);
  };
}

/** Maps a nominal probability to the adjusted one; null when bias or acceleration is not defined. */
function bcaAdjustment(
  replicates: Float64Array,
  value: number,
  jackknife: () => number[],
): ((p: number) => number) | null {
  // Ties count half: metrics of few rows take few values.
  const below = replicates.reduce((sum, x) => sum + (x < value ? 1 : 0) + (x === value ? 0.5 : 0), 0);
  const share = below / replicates.length;
  if (replicates[0] === replicates.at(-1) || share <= 0 || share >= 1) {
    return null;
  }
  const acceleration = skewness(jackknife()) / 6;
  if (!Number.isFinite(acceleration)) {
    return null;
  }
  const bias = normalQuantile(share);
  return (p) => {
    const shifted = bias + normalQuantile(p);
    return normalCdf(bias + shifted / (1 - acceleration * shifted));
  };
}

/** The statistic without each unit, or each block of units, in turn; empty when nothing would be left. */
function leaveOneOut(units: Int32Array, statistic: (rest: Int32Array) => number): number[] {
  const block = Math.ceil(units.length / jackknifeLimit);
  const values: number[] = [];
  for (let start = 0; start < units.length && units.length > 2; start += block) {
    values.push(statistic(units.filter((unit) => unit < start || unit >= start + block)));
  }
  return values;
}

/** Sum of cubed shortfalls over the 3/2 power of the sum of squares; NaN when all values agree. */
function skewness(values: readonly number[]): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const squares = values.reduce((sum, x) => sum + (mean - x) ** 2, 0);
  const cubes = values.reduce((sum, x) => sum + (mean - x) ** 3, 0);
  return cubes / squares ** 1.5;
}

function finite(value: number): number {
  if (!Number.isFinite(value)) {
    throw new RangeError(`the statistic of a resample is ${value}`);
  }
  return value;
}
