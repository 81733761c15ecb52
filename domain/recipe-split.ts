// The recipe's `dataset.curate.split`: how curated rows are divided.
import { z } from 'zod';

const size = z
  .number()
  .nonnegative()
  .refine((value) => value < 1 || Number.isInteger(value), 'must be a whole number of rows, or a part below 1');
const someRows = size.positive();
const instant = z.union([z.iso.date(), z.iso.datetime({ offset: true })]).optional();

export const splitSchema = z
  .strictObject({
    by: z
      .enum(['random', 'stratified', 'group', 'time'])
      .default('random')
      .describe(
        '`group` keeps every group within one split; `stratified` gives every output its share of each split; `time` tests on rows from `test_from` on. Whatever is chosen, rows of one cluster of near duplicates stay together.',
      ),
    sample: z
      .enum(['rows', 'groups'])
      .default('rows')
      .describe(
        'Which rows are taken when there are more than asked for: `rows` draws them evenly, as traffic would; `groups` takes a first row of every group before a second, so that the test rows are as independent as they can be.',
      ),
    train: someRows.describe('Rows to train on: a number, or a part of all rows below 1.'),
    validation: size.default(0).describe('Rows for the validation loss: a number, or a part.'),
    test: someRows.describe('Held-out rows that every arm answers: a number, or a part.'),
    validation_from: instant.describe('For a split by time: validation rows are those from this moment on.'),
    test_from: instant.describe('For a split by time: test rows are those from this moment on.'),
    seed: z.int().nonnegative().default(7).describe('Seed of the split.'),
  })
  .describe('How the curated rows are divided. Rows beyond the sizes asked for are listed as not sampled.');

export type SplitRecipe = z.infer<typeof splitSchema>;

/** What is wrong with a split beyond its fields. */
export function splitProblems(split: SplitRecipe): { path: string[]; message: string }[] {
  const { by, train, validation, test, test_from: testFrom, validation_from: validationFrom } = split;
  const sizes = [train, test, ...(validation === 0 ? [] : [validation])];
  const parts = sizes.filter((one) => one < 1).length;
  const sum = train + validation + test;
  return [
    ...(parts > 0 && parts < sizes.length
      ? [{ path: ['train'], message: 'sizes are all numbers of rows, or all parts below 1' }]
      : []),
    ...(parts === sizes.length && sum > 1 + 1e-9
      ? [{ path: ['train'], message: `the parts add up to ${Number(sum.toFixed(6))}, which is more than 1` }]
      : []),
    ...(by === 'time' && testFrom === undefined
      ? [{ path: ['test_from'], message: 'is needed for a split by time' }]
      : []),
    ...(by === 'time' && validation > 0 && validationFrom === undefined
      ? [{ path: ['validation_from'], message: 'is needed for validation rows in a split by time' }]
      : []),
    ...(by === 'time' &&
    validationFrom !== undefined &&
    testFrom !== undefined &&
    Date.parse(validationFrom) >= Date.parse(testFrom)
      ? [{ path: ['validation_from'], message: 'must lie before test_from' }]
      : []),
    ...(by !== 'time' && (testFrom ?? validationFrom) !== undefined
      ? [{ path: ['test_from'], message: 'is for a split by time' }]
      : []),
  ];
}
