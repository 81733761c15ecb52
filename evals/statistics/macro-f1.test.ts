import { describe, expect, test } from 'vitest';
import { codeAnswers, macroF1 } from './macro-f1.ts';

function rows(pairs: readonly (readonly [string, string | null])[]): { expected: string; parsed: string | null }[] {
  return pairs.map(([expected, parsed]) => ({ expected, parsed }));
}

describe('macro-F1', () => {
  test('agrees with a calculation by hand on three labels', () => {
    // a: TP 1, FP 1, FN 1 → 0.5; b: TP 2, FP 1, FN 0 → 0.8; c: TP 0, FP 0, FN 1 → 0. Mean 0.43333.
    const answers = codeAnswers(
      rows([
        ['a', 'a'],
        ['a', 'b'],
        ['b', 'b'],
        ['b', 'b'],
        ['c', 'a'],
      ]),
    );
    expect(macroF1(answers)).toBeCloseTo((0.5 + 0.8 + 0) / 3, 12);
  });

  test('agrees with the example in the documentation of scikit-learn', () => {
    const answers = codeAnswers(
      rows([
        ['0', '0'],
        ['1', '2'],
        ['2', '1'],
        ['0', '0'],
        ['1', '0'],
        ['2', '1'],
      ]),
    );
    expect(macroF1(answers)).toBeCloseTo(0.26666, 4);
  });

  test('an answer that cannot be parsed counts as a miss and blames no other label', () => {
    const answers = codeAnswers(
      rows([
        ['a', null],
        ['a', 'a'],
        ['b', 'b'],
      ]),
    );
    expect(macroF1(answers)).toBeCloseTo((2 / 3 + 1) / 2, 12);
  });

  test('all right is 1, all wrong is 0', () => {
    expect(
      macroF1(
        codeAnswers(
          rows([
            ['a', 'a'],
            ['b', 'b'],
          ]),
        ),
      ),
    ).toBe(1);
    expect(
      macroF1(
        codeAnswers(
          rows([
            ['a', 'b'],
            ['b', 'a'],
          ]),
        ),
      ),
    ).toBe(0);
  });

  test('a resample may repeat rows and leave labels out', () => {
    const answers = codeAnswers(
      rows([
        ['a', 'a'],
        ['b', 'a'],
        ['c', 'c'],
      ]),
    );
    expect(macroF1(answers, Int32Array.of(0, 0, 2))).toBe(1);
    expect(macroF1(answers, Int32Array.of(0, 1, 1))).toBeCloseTo((2 / (1 + 3) + 0) / 2, 12);
  });

  test('no rows at all is an error, never 0', () => {
    expect(() => macroF1(codeAnswers([]))).toThrow(RangeError);
  });
});
