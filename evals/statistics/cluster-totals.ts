// Per-row values summed by cluster: all that a clustered mean needs.

/** Sums of the rows of each cluster, in order of first appearance. */
export interface ClusterTotals {
  /** Sum of the values of each cluster. */
  readonly sums: Float64Array;
  /** Number of rows of each cluster. */
  readonly sizes: Float64Array;
  /** Number of rows. */
  readonly rows: number;
  /** Mean over rows. */
  readonly mean: number;
  /** Sum of the squared values of all rows. */
  readonly squares: number;
  /** Clusters with at least one value other than 0. */
  readonly informative: number;
}

/** Throws when values and names differ in number, there are none, or a value is not finite. */
export function clusterTotals(values: ArrayLike<number>, clusters: readonly string[]): ClusterTotals {
  if (values.length !== clusters.length || values.length === 0) {
    throw new RangeError(`${values.length} values with ${clusters.length} cluster names`);
  }
  const positions = new Map<string, number>();
  const codes = Int32Array.from(clusters, (name) => {
    const code = positions.get(name) ?? positions.size;
    positions.set(name, code);
    return code;
  });
  return codedTotals(values, codes, positions.size);
}

/** The same from clusters that are numbered from 0 to `count` - 1, each with at least one row. */
export function codedTotals(values: ArrayLike<number>, codes: Int32Array, count: number): ClusterTotals {
  const sums = new Float64Array(count);
  const sizes = new Float64Array(count);
  const differs = new Uint8Array(count);
  let sum = 0;
  let squares = 0;
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] ?? Number.NaN;
    const code = codes[row] ?? 0;
    sums[code] = (sums[code] ?? 0) + value;
    sizes[code] = (sizes[code] ?? 0) + 1;
    sum += value;
    squares += value * value;
    if (value !== 0) {
      differs[code] = 1;
    }
  }
  if (!Number.isFinite(sum)) {
    throw new RangeError('values must be finite');
  }
  return {
    sums,
    sizes,
    rows: values.length,
    mean: sum / values.length,
    squares,
    informative: differs.reduce((found, one) => found + one, 0),
  };
}
