// Macro-averaged F1 over coded labels, fast enough to be bootstrapped.

/** Answers with their labels as small integers. */
export interface CodedAnswers {
  /** Code of the expected label of each row, from 0 to `labels` - 1. */
  readonly expected: Int32Array;
  /** Code of the label that was read from the answer; -1 where none could be, -2 for one that no row expects. */
  readonly answered: Int32Array;
  /** Number of labels. */
  readonly labels: number;
}

/** Codes labels by their order of first appearance among the expected ones; an unparsable answer becomes -1, a label that no row expects -2. */
export function codeAnswers(rows: readonly { expected: string; parsed: string | null }[]): CodedAnswers {
  const codes = new Map<string, number>();
  for (const row of rows) {
    if (!codes.has(row.expected)) {
      codes.set(row.expected, codes.size);
    }
  }
  return {
    expected: Int32Array.from(rows, (row) => codes.get(row.expected) ?? -1),
    answered: Int32Array.from(rows, (row) => (row.parsed === null ? -1 : (codes.get(row.parsed) ?? -2))),
    labels: codes.size,
  };
}

/**
 * Mean over labels of F1 = 2 TP / (2 TP + FP + FN). The mean is over the labels that are expected among the
 * chosen rows, so that two arms on the same rows are averaged over the same labels. A label that is answered but
 * never expected counts through the rows it misses. Equals scikit-learn's `f1_score(average='macro')` when every
 * answered label is also expected somewhere.
 *
 * @param rows indices of the rows to use, repeats allowed; all rows when absent
 */
export function macroF1({ expected, answered, labels }: CodedAnswers, rows?: Int32Array): number {
  const right = new Float64Array(labels);
  const wanted = new Float64Array(labels);
  const given = new Float64Array(labels);
  const count = rows === undefined ? expected.length : rows.length;
  for (let position = 0; position < count; position += 1) {
    const row = rows === undefined ? position : (rows[position] ?? 0);
    const want = expected[row] ?? -1;
    const gave = answered[row] ?? -1;
    wanted[want] = (wanted[want] ?? 0) + 1;
    if (gave >= 0) {
      given[gave] = (given[gave] ?? 0) + 1;
      if (gave === want) {
        right[want] = (right[want] ?? 0) + 1;
      }
    }
  }
  let sum = 0;
  let present = 0;
  for (let label = 0; label < labels; label += 1) {
    const support = wanted[label] ?? 0;
    if (support > 0) {
      present += 1;
      sum += (2 * (right[label] ?? 0)) / (support + (given[label] ?? 0));
    }
  }
  if (present === 0) {
    throw new RangeError('macro-F1 of no rows');
  }
  return sum / present;
}
