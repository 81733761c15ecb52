// Matthews correlation of coded labels, for any number of labels.
import type { CodedAnswers } from '../statistics/macro-f1.ts';

/**
 * The multi-class correlation R_K of Gorodkin 2004 (doi:10.1016/j.compbiolchem.2004.09.006), from -1 to 1: equals
 * scikit-learn's `matthews_corrcoef`, with answers that could not be read, or name a label that is never expected, as
 * one more class. 0 where it is not defined: all rows expect one label, or all answers give one.
 *
 * @param rows indices of the rows to use, repeats allowed; all rows when absent
 */
export function matthews({ expected, answered, labels }: CodedAnswers, rows?: Int32Array): number {
  const wanted = new Float64Array(labels + 1);
  const given = new Float64Array(labels + 1);
  const count = rows === undefined ? expected.length : rows.length;
  let right = 0;
  for (let position = 0; position < count; position += 1) {
    const row = rows === undefined ? position : (rows[position] ?? 0);
    const want = expected[row] ?? 0;
    const code = answered[row] ?? -1;
    const gave = code < 0 ? labels : code;
    wanted[want] = (wanted[want] ?? 0) + 1;
    given[gave] = (given[gave] ?? 0) + 1;
    right += gave === want ? 1 : 0;
  }
  let [both, wantedSquares, givenSquares] = [0, 0, 0];
  for (let label = 0; label <= labels; label += 1) {
    const [want, gave] = [wanted[label] ?? 0, given[label] ?? 0];
    both += want * gave;
    wantedSquares += want * want;
    givenSquares += gave * gave;
  }
  const spread = Math.sqrt((count * count - wantedSquares) * (count * count - givenSquares));
  return spread === 0 ? 0 : (right * count - both) / spread;
}
