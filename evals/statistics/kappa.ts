// Cohen's kappa: how far two raters agree beyond chance, for example a judge and people.
import { criticalZ } from './distributions.ts';

/** How much a disagreement counts: all the same, by its distance, or by its square. The latter two need ordered codes. */
export type KappaWeights = 'none' | 'linear' | 'quadratic';

export interface Kappa {
  readonly kappa: number;
  /** Large-sample standard error (Fleiss, Cohen and Everitt 1969, doi:10.1037/h0028106). */
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
  /** Share of items on which the raters agree outright. */
  readonly agreement: number;
  readonly n: number;
}

/**
 * Cohen 1960 (doi:10.1177/001316446002000104) and 1968. Throws when there are no items, a code is out of range, or both
 * raters gave every item the same code: chance agreement is then complete and kappa has no value.
 *
 * @param first code of each item by the first rater, from 0 to `codes` - 1; `second` likewise
 */
export function cohenKappa(
  first: Int32Array,
  second: Int32Array,
  codes: number,
  confidence: number,
  weights: KappaWeights = 'none',
): Kappa {
  const table = shares(first, second, codes);
  const rows = margin(table, codes, (row) => row);
  const columns = margin(table, codes, (_, column) => column);
  const weight = (row: number, column: number): number => agreementWeight(row, column, codes, weights);
  let [observed, expected, agreement] = [0, 0, 0];
  eachCell(codes, (row, column, cell) => {
    observed += weight(row, column) * (table[cell] ?? 0);
    expected += weight(row, column) * (rows[row] ?? 0) * (columns[column] ?? 0);
    agreement += row === column ? (table[cell] ?? 0) : 0;
  });
  if (expected >= 1) {
    throw new RangeError('kappa has no value where both raters give every item the same code');
  }
  const rowMeans = Float64Array.from({ length: codes }, (_, row) => weighted(columns, (column) => weight(row, column)));
  const columnMeans = Float64Array.from({ length: codes }, (_, column) => weighted(rows, (row) => weight(row, column)));
  let variance = 0;
  eachCell(codes, (row, column, cell) => {
    const mean = (rowMeans[row] ?? 0) + (columnMeans[column] ?? 0);
    variance += (table[cell] ?? 0) * (weight(row, column) * (1 - expected) - mean * (1 - observed)) ** 2;
  });
  variance -= (observed * expected - 2 * expected + observed) ** 2;
  const kappa = (observed - expected) / (1 - expected);
  const standardError = Math.sqrt(Math.max(0, variance) / first.length) / (1 - expected) ** 2;
  const half = criticalZ(confidence) * standardError;
  return {
    kappa,
    standardError,
    low: Math.max(-1, kappa - half),
    high: Math.min(1, kappa + half),
    agreement,
    n: first.length,
  };
}

function agreementWeight(row: number, column: number, codes: number, weights: KappaWeights): number {
  const distance = Math.abs(row - column) / Math.max(1, codes - 1);
  switch (weights) {
    case 'none':
      return row === column ? 1 : 0;
    case 'linear':
      return 1 - distance;
    case 'quadratic':
      return 1 - distance * distance;
    default:
      return weights satisfies never;
  }
}

function shares(first: Int32Array, second: Int32Array, codes: number): Float64Array {
  if (first.length === 0 || first.length !== second.length) {
    throw new RangeError(`${first.length} ratings beside ${second.length}`);
  }
  const table = new Float64Array(codes * codes);
  for (let item = 0; item < first.length; item += 1) {
    const [row, column] = [first[item] ?? -1, second[item] ?? -1];
    if (row < 0 || row >= codes || column < 0 || column >= codes) {
      throw new RangeError(`item ${item} has the codes ${row} and ${column}, of ${codes}`);
    }
    const cell = row * codes + column;
    table[cell] = (table[cell] ?? 0) + 1 / first.length;
  }
  return table;
}

function margin(table: Float64Array, codes: number, key: (row: number, column: number) => number): Float64Array {
  const sums = new Float64Array(codes);
  eachCell(codes, (row, column, cell) => {
    const code = key(row, column);
    sums[code] = (sums[code] ?? 0) + (table[cell] ?? 0);
  });
  return sums;
}

function eachCell(codes: number, visit: (row: number, column: number, cell: number) => void): void {
  for (let row = 0; row < codes; row += 1) {
    for (let column = 0; column < codes; column += 1) {
      visit(row, column, row * codes + column);
    }
  }
}

function weighted(parts: Float64Array, weight: (code: number) => number): number {
  return parts.reduce((sum, part, code) => sum + part * weight(code), 0);
}
