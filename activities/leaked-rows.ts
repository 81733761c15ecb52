// Test rows that were trained on: what a model has learnt by heart says nothing about it.
import type { SuiteRow } from '../domain/suite.ts';
import { inputKey } from '../datasets/comparable-text.ts';

/**
 * Number of test rows whose input is that of a training row, but for case, width and white space. Near duplicates are
 * the business of curation and are not looked for here.
 */
export function leakedRows(
  train: readonly Pick<SuiteRow, 'input'>[],
  test: readonly Pick<SuiteRow, 'input'>[],
): { readonly rows: number; readonly of: number } {
  const learnt = new Set(train.map(({ input }) => inputKey(input)));
  return { rows: test.filter(({ input }) => learnt.has(inputKey(input))).length, of: test.length };
}
