import { expect, test } from 'vitest';
import { confusedPairs } from './confused-pairs.ts';

const answers: [string, string | null][] = [
  ['a', 'a'],
  ['a', 'c'],
  ['a', 'b'],
  ['a', 'b'],
  ['b', null],
  ['c', 'a'],
  ['c', null],
];
const results = answers.map(([expected, parsed], row) => ({
  rowId: `row-${row}`,
  expected,
  parsed,
  repeats: undefined,
}));

test('the most confused pairs come first, without right and unreadable answers', () => {
  expect(confusedPairs(results)).toEqual([
    { expected: 'a', given: 'b', count: 2, total: 4 },
    { expected: 'a', given: 'c', count: 1, total: 4 },
    { expected: 'c', given: 'a', count: 1, total: 2 },
  ]);
});

test('answers that are all different are counted as quickly as labels', () => {
  const many = Array.from({ length: 20_000 }, (_, row) => ({
    rowId: `row-${row}`,
    expected: `expected ${row}`,
    parsed: `given ${row}`,
    repeats: undefined,
  }));
  expect(confusedPairs(many)).toHaveLength(20_000);
});
