import { describe, expect, test } from 'vitest';
import { codeAnswers } from './macro-f1.ts';
import { matthews } from './matthews.ts';

function coded(expected: string, answered: string): ReturnType<typeof codeAnswers> {
  return codeAnswers(Array.from(expected, (label, row) => ({ expected: label, parsed: answered[row] ?? null })));
}

describe('Matthews correlation', () => {
  test('of several labels, one answer outside them, agrees with scikit-learn', () => {
    expect(matthews(coded('0120122010', '0220112130'))).toBeCloseTo(0.4351941398892446, 12);
  });

  test('of two labels agrees with scikit-learn', () => {
    expect(matthews(coded('11100100', '10101100'))).toBeCloseTo(0.5, 12);
  });

  test('all right is 1, always the same answer is 0, and rows may be resampled', () => {
    expect(matthews(coded('0121', '0121'))).toBe(1);
    expect(matthews(coded('0121', '0000'))).toBe(0);
    expect(matthews(coded('0101', '0110'), Int32Array.of(0, 1, 1))).toBe(1);
  });

  test('no rows are an error', () => {
    expect(() => matthews(coded('', ''))).toThrow(RangeError);
  });
});
