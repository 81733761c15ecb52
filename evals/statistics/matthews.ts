// Matthews correlation coefficient over coded labels, fast enough to be bootstrapped.
import type { CodedAnswers } from './macro-f1.ts';

/**
 * The form for several labels (Gorodkin 2004, doi:10.1016/j.compbiolchem.2004.09.006), from -1 to 1; for two labels
 * Matthews' own (1975). Unreadable answers are a label of their own that is never expected. 0 where all expected labels,
 * or all answers, are equal, as scikit-learn has it.
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
    const answer = answered[row] ?? -1;
    const gave = answer < 0 ? labels : answer;
    wanted[want] = (wanted[want] ?? 0) + 1;
    given[gave] = (given[gave] ?? 0) + 1;
    right += want === gave ? 1 : 0;
  }
  if (count === 0) {
    throw new RangeError('Matthews correlation of no rows');
  }
  let [both, wantedSquares, givenSquares] = [0, 0, 0];
  for (let label = 0; label <= labels; label += 1) {
    const [want, gave] = [wanted[label] ?? 0, given[label] ?? 0];
    both += want * gave;
    wantedSquares += want * want;
    givenSquares += gave * gave;
  }
  const spread = (count * count - wantedSquares) * (count * count - givenSquares);
  return spread === 0 ? 0 : (right * count - both) / Math.sqrt(spread);
}
