import { expect, test } from 'vitest';
import { confusedPairs, rowTotal } from './confused-pairs.ts';

test('the most confused pairs come first, without right and unreadable answers', () => {
  const confusion = {
    labels: ['a', 'b', 'c'],
    counts: [
      [1, 2, 0, 0],
      [0, 1, 0, 5],
      [3, 0, 0, 1],
    ],
  };
  expect(confusedPairs(confusion)).toEqual([
    { expected: 'c', given: 'a', count: 3, total: 4 },
    { expected: 'a', given: 'b', count: 2, total: 3 },
  ]);
  expect(confusion.counts.map(rowTotal)).toEqual([3, 6, 4]);
});
