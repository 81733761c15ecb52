import { expect, test } from 'vitest';
import { leakedRows } from './leaked-rows.ts';

const rows = (...inputs: string[]) => inputs.map((input) => ({ input }));

test('a test row that was trained on is found, whatever its case and white space', () => {
  expect(leakedRows(rows('Acute  Cough', 'other'), rows('acute cough', 'fever'))).toEqual({ rows: 1, of: 2 });
});

test('rows that share words alone are no leak', () => {
  expect(leakedRows(rows('acute cough'), rows('acute coughs', 'cough'))).toEqual({ rows: 0, of: 2 });
});
