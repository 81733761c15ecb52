import { describe, expect, test } from 'vitest';
import type { DatasetRow } from '../domain/dataset.ts';
import { scoreRow, suiteDigest } from './suite.ts';
import type { Suite } from './suite.ts';

const row: DatasetRow = {
  id: 'r1',
  input: 'gout',
  output: 'Joints',
  group: 'M10',
  origin: { file: 'rows.csv', line: 2 },
};
const suite: Suite = {
  rows: [row, { ...row, id: 'r2', input: 'stye', output: 'Eye' }],
  prompt: { user: '{input}' },
  shots: [{ ...row, id: 's1' }],
  labels: ['Eye', 'Joints'],
  scorers: ['exact_match', 'macro_f1'],
};

describe('the digest of a suite', () => {
  test('does not depend on where rows were read or on the order of labels and scorers', () => {
    const same: Suite = {
      ...suite,
      rows: suite.rows.map((each) => ({ ...each, origin: { file: 'other.csv', line: 9 } })),
      labels: suite.labels.toReversed(),
      scorers: suite.scorers.toReversed(),
    };
    expect(suiteDigest(same)).toBe(suiteDigest(suite));
    expect(suiteDigest(suite)).toMatch(/^[0-9a-f]{64}$/u);
  });

  test.each<[string, Partial<Suite>]>([
    ['content of a row', { rows: suite.rows.map((each) => ({ ...each, input: `${each.input}!` })) }],
    ['order of the rows', { rows: suite.rows.toReversed() }],
    ['prompt', { prompt: { user: 'Term: {input}' } }],
    ['examples', { shots: [] }],
    ['labels', { labels: ['Eye', 'Joints', 'Skin'] }],
    ['scorers', { scorers: ['exact_match'] }],
  ])('changes with the %s', (_, change) => {
    expect(suiteDigest({ ...suite, ...change })).not.toBe(suiteDigest(suite));
  });
});

describe('scoring a row', () => {
  test('the right label scores 1, however it is dressed', () => {
    expect(scoreRow('joints.', 'Joints', suite.labels)).toEqual({ parsed: 'Joints', score: 1 });
  });

  test('another label and an unreadable answer score 0, and only the latter is unparsed', () => {
    expect(scoreRow('Eye', 'Joints', suite.labels)).toEqual({ parsed: 'Eye', score: 0 });
    expect(scoreRow('It is gout', 'Joints', suite.labels)).toEqual({ parsed: null, score: 0 });
  });

  test('an expected label outside the label set is an error', () => {
    expect(() => scoreRow('Joints', 'Joints', ['Eye'])).toThrow('not in the label set');
  });
});
