import { describe, expect, test } from 'vitest';
import { codeAnswers } from './macro-f1.ts';
import { microF1 } from './micro-f1.ts';

const rows = ['a a', 'b c', 'c c', 'a a', 'b b', 'c b', 'c c', 'a b', 'b -', 'a a'].map((row) => {
  const [expected = '', parsed = ''] = row.split(' ');
  return { expected, parsed: parsed === '-' ? null : parsed };
});

describe('micro-F1', () => {
  test('agrees with scikit-learn where one answer is outside the labels', () => {
    expect(microF1(codeAnswers(rows))).toBeCloseTo(0.631578947368421, 12);
  });

  test('is the accuracy where every answer is a label, and may be resampled', () => {
    const answers = codeAnswers(rows);
    expect(microF1(answers, Int32Array.of(0, 1, 2, 2))).toBe(0.75);
  });

  test('counts a label that no row expects as given', () => {
    expect(
      microF1(
        codeAnswers([
          { expected: 'a', parsed: 'z' },
          { expected: 'a', parsed: 'a' },
        ]),
      ),
    ).toBe(0.5);
  });

  test('no rows are an error', () => {
    expect(() => microF1(codeAnswers([]))).toThrow(RangeError);
  });
});
