import { describe, expect, test } from 'vitest';
import type { DatasetRow } from '../domain/dataset.ts';
import { scoreAnswer } from './score-answer.ts';
import { suiteDigest } from './suite.ts';
import type { Suite } from './suite.ts';

const row: DatasetRow = {
  id: 'r1',
  input: 'gout',
  output: 'Joints',
  group: 'M10',
  origin: { file: 'rows.csv', line: 2 },
};
const suite: Suite = {
  name: 'terms',
  task: 'classification',
  slices: [],
  repeats: 1,
  rows: [row, { ...row, id: 'r2', input: 'stye', output: 'Eye' }],
  prompt: { user: '{input}' },
  shots: [{ ...row, id: 's1' }],
  labels: ['Eye', 'Joints'],
  scorers: ['exact_match', 'macro_f1'],
};

describe('the digest of a suite', () => {
  test('is what it was before suites had tasks and repeats, so that stored scorecards stay comparable', () => {
    expect(suiteDigest(suite)).toBe('4b08f193de40d8c0ae4e5e6455d79bd9a158f67671f5784b0e52ed32efcb4f4b');
  });

  test('tells conversations of one text apart, by their turns and tools', () => {
    const user = { role: 'user' as const, content: row.input };
    const digests = [
      [{ role: 'system' as const, content: 'Be brief.' }, user],
      [{ role: 'system' as const, content: 'Be long.' }, user],
    ].map((messages) => suiteDigest({ ...suite, rows: [{ ...row, messages }] }));
    const tools = [{ name: 'f', parameters: {} }];
    expect(new Set([...digests, suiteDigest({ ...suite, rows: [{ ...row, tools }] }), suiteDigest(suite)]).size).toBe(
      4,
    );
  });

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
    ['task', { task: 'generation' }],
    ['number of repeats', { repeats: 3 }],
  ])('changes with the %s', (_, change) => {
    expect(suiteDigest({ ...suite, ...change })).not.toBe(suiteDigest(suite));
  });
});

describe('scoring a row', () => {
  test('the right label scores 1, however it is dressed', () => {
    expect(scoreAnswer(suite, row, 'joints.')).toEqual({ parsed: 'Joints', score: 1, scores: {} });
  });

  test('another label and an unreadable answer score 0, and only the latter is unparsed', () => {
    expect(scoreAnswer(suite, row, 'Eye')).toEqual({ parsed: 'Eye', score: 0, scores: {} });
    expect(scoreAnswer(suite, row, 'It is gout')).toEqual({ parsed: null, score: 0, scores: {} });
  });

  test('an expected label outside the label set is an error', () => {
    expect(() => scoreAnswer({ ...suite, labels: ['Eye'] }, row, 'Joints')).toThrow('not in the label set');
  });
});
