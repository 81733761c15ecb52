// F1 from counts a row: sets of labels, fields of a record, spans of a text.

/** What each row should name, what it named, and how many of these match. */
export interface MatchCounts {
  readonly expected: Float64Array;
  readonly given: Float64Array;
  readonly matched: Float64Array;
}

/** F1 of one row's counts, 2 matched / (expected + given); 1 where nothing is to be named and nothing was. */
export function f1OfCounts(expected: number, given: number, matched: number): number {
  if (!(matched >= 0 && matched <= Math.min(expected, given))) {
    throw new RangeError(`${matched} matches of ${expected} expected and ${given} given`);
  }
  return expected + given === 0 ? 1 : (2 * matched) / (expected + given);
}

/**
 * F1 of all items pooled (micro-averaged), as is usual for spans (Tjong Kim Sang and De Meulder 2003): rows with more
 * items count for more.
 *
 * @param rows indices of the rows to use, repeats allowed; all rows when absent
 */
export function pooledF1({ expected, given, matched }: MatchCounts, rows?: Int32Array): number {
  let [want, gave, right] = [0, 0, 0];
  const count = rows === undefined ? expected.length : rows.length;
  for (let position = 0; position < count; position += 1) {
    const row = rows === undefined ? position : (rows[position] ?? 0);
    want += expected[row] ?? 0;
    gave += given[row] ?? 0;
    right += matched[row] ?? 0;
  }
  if (count === 0) {
    throw new RangeError('F1 of no rows');
  }
  return f1OfCounts(want, gave, right);
}

/** F1 of each row, whose mean is the F1 averaged over rows (samples). */
export function rowF1({ expected, given, matched }: MatchCounts): Float64Array {
  return expected.map((want, row) => f1OfCounts(want, given[row] ?? 0, matched[row] ?? 0));
}
