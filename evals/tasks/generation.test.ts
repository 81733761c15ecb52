import { describe, expect, test } from 'vitest';
import { syntheticScorer, syntheticScoring } from './synthetic-scoring.ts';

const score = syntheticScorer(syntheticScoring('generation'), 'The cat sat on the mat.');

describe('a generated text', () => {
  test.each([
    'The cat sat on the mat.',
    ' the cat  sat on the mat',
    '**The cat sat on the mat.**',
    '“The cat sat on the mat”',
  ])('is exactly right however it is dressed: %s', (answer) => {
    expect(score(answer).score).toBe(1);
  });

  test('is verbatim only when nothing but white space around it differs', () => {
    expect(score('\nThe cat sat on the mat. ').scores.verbatim_match).toBe(1);
    expect(score('the cat sat on the mat.').scores.verbatim_match).toBe(0);
  });

  test('keeps its text as what was read, without control characters', () => {
    expect(score('The\u0007 dog\r\nbarked\u0000').parsed).toBe('The dog\nbarked');
    expect(score('\u0000').parsed).toBeNull();
  });

  test('is not scored by ROUGE unless that is asked for', () => {
    const plain = syntheticScorer(syntheticScoring('generation', { scorers: ['exact_match'] }), 'cat');
    expect(plain('cat')).toEqual({ parsed: 'cat', score: 1, scores: {} });
  });

  test('cannot be expected to be empty', () => {
    expect(() => syntheticScorer(syntheticScoring('generation'), ' ')('x')).toThrow('is empty');
  });
});
