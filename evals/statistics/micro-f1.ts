// Micro-averaged F1 over coded labels, fast enough to be bootstrapped.
import type { CodedAnswers } from './macro-f1.ts';

/**
 * F1 of all labels pooled: 2 right / (rows + rows with an answer). Without unreadable answers that is the accuracy; an
 * unreadable answer misses a label and gives none. A label that no row expects is given, and wrong.
 *
 * @param rows indices of the rows to use, repeats allowed; all rows when absent
 */
export function microF1({ expected, answered }: CodedAnswers, rows?: Int32Array): number {
  const count = rows === undefined ? expected.length : rows.length;
  let [right, given] = [0, 0];
  for (let position = 0; position < count; position += 1) {
    const row = rows === undefined ? position : (rows[position] ?? 0);
    const answer = answered[row] ?? -1;
    given += answer === -1 ? 0 : 1;
    right += answer >= 0 && answer === expected[row] ? 1 : 0;
  }
  if (count === 0) {
    throw new RangeError('micro-F1 of no rows');
  }
  return (2 * right) / (count + given);
}
