import { describe, expect, test } from 'vitest';
import type { RowResult } from '../../domain/scorecard.ts';
import { syntheticResult } from '../synthetic.ts';
import { calibrationOf } from './calibration.ts';
import { confusion } from './confusion.ts';
import { fieldTable } from './field-table.ts';
import { metricValue } from './metric-value.ts';

const labelled = (expected: string, answers: string): RowResult[] =>
  expected.split('').map((label, index) => {
    const parsed = answers[index] === '-' ? null : (answers[index] ?? null);
    return syntheticResult(index, false, { expected: label, parsed, answer: parsed, score: parsed === label ? 1 : 0 });
  });

const sets = (pairs: readonly [readonly string[], readonly string[] | null][]): RowResult[] =>
  pairs.map(([expected, given], index) => {
    const matched = expected.filter((label) => given?.includes(label)).length;
    return syntheticResult(index, false, {
      expected: JSON.stringify(expected),
      parsed: given === null ? null : JSON.stringify(given),
      counts: { expected: expected.length, given: given?.length ?? 0, matched, overlapping: matched },
    });
  });

/** Reference values of this file come from scikit-learn 1.9.1. */
const ten = labelled('aaabbcccda', 'abab-c-caa');
const five = sets([
  [['a', 'b'], ['a']],
  [['a'], ['a', 'b']],
  [['b', 'c'], ['c']],
  [[], ['a']],
  [['c'], ['c', 'd']],
]);

describe('metrics of labels', () => {
  test('are those of scikit-learn', () => {
    // An unreadable answer is one more class of matthews_corrcoef; f1_score(average='micro') would count it as given.
    expect(metricValue('mcc', ten)()).toBeCloseTo(0.4789207443461594, 12);
    // 6 right of 10 rows and 8 readable answers.
    expect(metricValue('micro_f1', ten)()).toBeCloseTo(12 / 18, 12);
  });

  test('of sets are those of scikit-learn, over the labels that are expected', () => {
    expect(metricValue('micro_f1', five)()).toBeCloseTo(0.615_384_615_384_615_4, 12);
    expect(metricValue('macro_f1', five)()).toBeCloseTo(0.6, 12);
  });

  test('are the same for rows drawn twice as for the same rows written twice', () => {
    const rows = Int32Array.of(0, 0, 3, 4, 7, 7, 9);
    const twice = [...rows].map((row) => ten[row]).filter((row) => row !== undefined);
    const setRows = Int32Array.of(0, 0, 2, 4);
    const setTwice = [...setRows].map((row) => five[row]).filter((row) => row !== undefined);
    for (const metric of ['mcc', 'micro_f1', 'macro_f1', 'exact_match'] as const) {
      expect(metricValue(metric, ten)(rows), metric).toBeCloseTo(metricValue(metric, twice)(), 12);
    }
    for (const metric of ['micro_f1', 'macro_f1'] as const) {
      expect(metricValue(metric, five)(setRows), metric).toBeCloseTo(metricValue(metric, setTwice)(), 12);
    }
  });

  test('are 0 for a correlation that is not defined, and 1 for sets that are rightly empty', () => {
    expect(metricValue('mcc', labelled('aa', 'ab'))()).toBe(0);
    const empty = sets([[[], []]]);
    expect([metricValue('macro_f1', empty)(), metricValue('micro_f1', empty)()]).toEqual([1, 1]);
    expect(metricValue('macro_f1', sets([[[], ['a']]]))()).toBe(0);
  });

  test('take a set that could not be read as empty', () => {
    const unread = sets([
      [['a'], null],
      [['a'], ['a']],
    ]);
    expect(metricValue('macro_f1', unread)()).toBeCloseTo(2 / 3, 12);
  });
});

describe('rows that were asked several times', () => {
  const repeated = ten.map((row, index) => {
    const other = index % 2 === 0 ? row.expected : null;
    const otherScore = index % 2 === 0 ? 1 : 0;
    const repeats = [
      { answer: row.answer, parsed: row.parsed, score: row.score },
      { answer: other, parsed: other, score: otherScore },
    ];
    return { ...row, score: (row.score + otherScore) / 2, repeats };
  });
  const single = repeated.flatMap(({ repeats, ...row }) =>
    repeats.map(({ parsed, score }) => Object.assign({ ...row }, { parsed, score })),
  );

  test.each(['macro_f1', 'micro_f1', 'mcc', 'exact_match'] as const)('count with each answer in %s', (metric) => {
    expect(metricValue(metric, repeated)()).toBeCloseTo(metricValue(metric, single)(), 12);
    const rows = Int32Array.of(1, 1, 8);
    const answers = Int32Array.of(2, 3, 2, 3, 16, 17);
    expect(metricValue(metric, repeated)(rows)).toBeCloseTo(metricValue(metric, single)(answers), 12);
  });

  test('must all have been asked equally often', () => {
    expect(() => metricValue('mcc', [...repeated, ...ten])).toThrow('was asked 1 times and others 2');
  });
});

describe('F1 of spans', () => {
  const rows = [
    { expected: 3, given: 2, matched: 1, overlapping: 2 },
    { expected: 0, given: 1, matched: 0, overlapping: 0 },
    { expected: 1, given: 1, matched: 1, overlapping: 1 },
  ].map((counts, index) => syntheticResult(index, false, { counts }));

  test('pools the spans of all rows, strict or relaxed', () => {
    expect(metricValue('span_f1', rows)()).toBeCloseTo(4 / 8, 12);
    expect(metricValue('span_f1_relaxed', rows)()).toBeCloseTo(6 / 8, 12);
    expect(metricValue('span_f1', rows)(Int32Array.of(1, 2))).toBeCloseTo(2 / 3, 12);
  });

  test('without counts is an error, not 0', () => {
    expect(() => metricValue('span_f1', [syntheticResult(0, true)])).toThrow('row row-00000 has no counts');
  });
});

test('ten thousand resamples of two thousand rows take a few seconds at most', () => {
  const rows = Array.from({ length: 2000 }, (_, index) => syntheticResult(index, index % 3 > 0));
  const draw = Int32Array.from({ length: 2000 }, (_, index) => (index * 7919) % 2000);
  const value = metricValue('mcc', rows);
  const started = performance.now();
  for (let resample = 0; resample < 1000; resample += 1) {
    value(draw);
  }
  expect(performance.now() - started).toBeLessThan(1000);
});

describe('the confusion matrix', () => {
  test('counts answers by expected and answered label, unreadable ones in the last column', () => {
    expect(confusion(ten, ['d', 'c', 'b', 'a', 'z'])).toEqual({
      labels: ['d', 'c', 'b', 'a'],
      counts: [
        [0, 0, 0, 1, 0],
        [0, 2, 0, 0, 1],
        [0, 0, 1, 0, 1],
        [0, 0, 1, 3, 0],
      ],
    });
  });

  test('of a label outside the label set is an error', () => {
    expect(() => confusion(ten, ['a', 'b', 'c'])).toThrow('not in the label set');
  });
});

describe('the table of fields', () => {
  test('has each path with its values expected, given and matched', () => {
    const rows = [
      ['{"a":1,"b":["x","y"]}', '{"a":1,"b":["y"]}'],
      ['{"a":2,"b":[]}', '{"a":3,"c":true}'],
      ['{"a":4}', null],
    ].map(([expected, parsed], index) =>
      syntheticResult(index, false, { expected: expected ?? '', parsed: parsed ?? null }),
    );
    expect(fieldTable(rows)).toEqual([
      { path: 'a', expected: 3, given: 2, matched: 1, precision: 0.5, recall: 1 / 3, f1: 0.4 },
      { path: 'b[]', expected: 2, given: 1, matched: 1, precision: 1, recall: 0.5, f1: 2 / 3 },
      { path: 'b', expected: 1, given: 0, matched: 0, precision: 0, recall: 0, f1: 0 },
      { path: 'c', expected: 0, given: 1, matched: 0, precision: 0, recall: 0, f1: 0 },
    ]);
  });
});

describe('calibration', () => {
  test('is stated over the rows that have a log probability, and is null without any', () => {
    const probabilities = [0.9, 0.6, null, 0.4];
    const rows = probabilities.map((probability, index) =>
      syntheticResult(index, index !== 1, { logprob: probability === null ? null : Math.log(probability) }),
    );
    const found = calibrationOf(rows);
    // (0.1² + 0.6² + 0.6²) / 3, and each in a bin of its own: (0.1 + 0.6 + 0.6) / 3.
    expect(found?.n).toBe(3);
    expect(found?.brier).toBeCloseTo(0.73 / 3, 12);
    expect(found?.ece).toBeCloseTo(1.3 / 3, 12);
    expect(calibrationOf([syntheticResult(0, true)])).toBeNull();
  });
});
