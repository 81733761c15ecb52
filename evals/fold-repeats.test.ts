import { describe, expect, test } from 'vitest';
import { rowResultSchema } from '../domain/scorecard.ts';
import { foldRepeats } from './fold-repeats.ts';
import { syntheticResult } from './synthetic.ts';

const right = syntheticResult(0, true, {
  scores: { set_f1: 1 },
  counts: { expected: 2, given: 2, matched: 2, overlapping: 2 },
  latencyMs: 100,
});
const wrong = syntheticResult(0, false, {
  scores: { set_f1: 0.5 },
  counts: { expected: 2, given: 1, matched: 0, overlapping: 1 },
  latencyMs: 300,
});

describe('the answers to one row', () => {
  test('become one result with the means of their scores and counts, and keep themselves', () => {
    const folded = foldRepeats([right, wrong]);
    expect(rowResultSchema.parse(folded)).toEqual(folded);
    expect(folded).toMatchObject({
      score: 0.5,
      scores: { set_f1: 0.75 },
      counts: { expected: 2, given: 1.5, matched: 1, overlapping: 1.5 },
      latencyMs: 200,
      promptTokens: 100,
      completionTokens: 8,
    });
    expect(folded.costUsd).toBeCloseTo(0.0002, 12);
    expect(folded.repeats).toEqual([right, wrong].map(({ answer, parsed, score }) => ({ answer, parsed, score })));
  });

  test('are unanswered as a whole when one of them is, with its reason', () => {
    const none = syntheticResult(0, false, { answer: null, parsed: null, error: 'timeout', scores: { set_f1: 0 } });
    for (const answers of [
      [right, none],
      [none, right],
    ]) {
      expect(foldRepeats(answers)).toMatchObject({
        answer: null,
        error: 'timeout',
        score: 0.5,
        scores: { set_f1: 0.5 },
      });
    }
  });

  test('have no time when the time of one of them was not measured', () => {
    expect(foldRepeats([right, { ...wrong, latencyMs: 0 }]).latencyMs).toBe(0);
  });

  test('cost nothing in this run only when all of them are cached, and an unknown price stays unknown', () => {
    expect(foldRepeats([right, { ...right, cached: true }]).cached).toBe(false);
    expect(
      foldRepeats([
        { ...right, cached: true },
        { ...right, cached: true },
      ]).cached,
    ).toBe(true);
    expect(foldRepeats([right, { ...wrong, costUsd: null }]).costUsd).toBeNull();
  });

  test('are left alone when there is one, and must be some', () => {
    expect(foldRepeats([right])).toBe(right);
    expect(() => foldRepeats([])).toThrow('without an answer');
  });
});
