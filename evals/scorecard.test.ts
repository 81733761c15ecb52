import { describe, expect, test } from 'vitest';
import { scorecardSchema } from '../domain/scorecard.ts';
import type { RowResult, Scorecard } from '../domain/scorecard.ts';
import { buildScorecard } from './scorecard.ts';
import { syntheticArm, syntheticResult, syntheticSuite } from './synthetic.ts';

function build(results: readonly RowResult[], rowIds = results.map(({ rowId }) => rowId)): Scorecard {
  return buildScorecard({
    arm: syntheticArm('candidate'),
    suite: syntheticSuite,
    rowIds,
    results,
    scorers: ['exact_match', 'macro_f1'],
    seconds: 3,
    resultsRef: { key: 'k', sha256: syntheticSuite, bytes: 1 },
  });
}

function width({ metrics }: Scorecard): number {
  return (metrics.exact_match?.high ?? 0) - (metrics.exact_match?.low ?? 0);
}

const hundred = Array.from({ length: 100 }, (_, index) => syntheticResult(index, index < 95));

describe('a scorecard', () => {
  test('fits its schema and carries Wilson’s interval when rows have no groups', () => {
    const card = build(hundred);
    expect(scorecardSchema.parse(card)).toEqual(card);
    expect(card.correct).toBe(95);
    expect(card.metrics.exact_match?.value).toBeCloseTo(0.95, 12);
    expect(card.metrics.exact_match?.low).toBeCloseTo(0.88825, 6);
    expect(card.metrics.exact_match?.high).toBeCloseTo(0.978456, 6);
  });

  test('the interval of macro-F1 holds its value and is the same each time', () => {
    const { macro_f1: first } = build(hundred).metrics;
    expect(first?.low).toBeLessThan(first?.value ?? 0);
    expect(first?.high).toBeGreaterThan(first?.value ?? 1);
    expect(build(hundred).metrics.macro_f1).toEqual(first);
  });

  test('rows of a group that stand or fall together widen the interval', () => {
    const grouped = Array.from({ length: 100 }, (_, index) =>
      syntheticResult(index, Math.floor(index / 10) % 2 === 0, { group: `g${Math.floor(index / 10)}` }),
    );
    const alone = grouped.map((_, index) => syntheticResult(index, Math.floor(index / 10) % 2 === 0));
    expect(width(build(grouped))).toBeGreaterThan(3 * width(build(alone)));
  });

  test('one single group says nothing about others: the interval is everything', () => {
    const results = hundred.map((result) => ({ ...result, group: 'only' }));
    expect(build(results).metrics.exact_match).toEqual({ value: 0.95, low: 0, high: 1 });
  });

  test('missing and unreadable answers count as wrong and are counted apart', () => {
    const results = [
      syntheticResult(0, true),
      syntheticResult(1, false, { answer: 'well …', parsed: null }),
      syntheticResult(2, false, { answer: null, parsed: null, error: 'timeout', latencyMs: 99_999 }),
      syntheticResult(3, false),
    ];
    const card = build(results);
    expect(card).toMatchObject({ n: 4, correct: 1, parseFailures: 1, errors: 1 });
    expect(card.latencyMs.p95).toBeLessThan(1000);
  });

  test('answers whose time was not measured count for nothing in the latency', () => {
    const one = build([syntheticResult(0, true, { latencyMs: 0 }), syntheticResult(1, true, { latencyMs: 300 })]);
    expect(one.latencyMs).toEqual({ p50: 300, p95: 300 });
    expect(build([syntheticResult(0, true, { latencyMs: 0 })]).latencyMs).toEqual({ p50: 0, p95: 0 });
  });

  test('cached answers cost what they cost but are not paid again', () => {
    const card = build([syntheticResult(0, true), syntheticResult(1, true, { cached: true })]);
    expect(card.costUsd).toBeCloseTo(0.0002, 12);
    expect(card.paidUsd).toBeCloseTo(0.0001, 12);
  });

  test('one unknown price makes the cost unknown, not smaller', () => {
    expect(build([syntheticResult(0, true), syntheticResult(1, true, { costUsd: null })]).costUsd).toBeNull();
  });

  test('an arm that never answered has a scorecard all the same', () => {
    const results = hundred.map((result) => ({ ...result, answer: null, parsed: null, score: 0, error: 'down' }));
    const card = build(results);
    expect(card).toMatchObject({ correct: 0, errors: 100, latencyMs: { p50: 0, p95: 0 } });
    expect(scorecardSchema.parse(card).metrics.macro_f1).toEqual({ value: 0, low: 0, high: 0 });
  });

  test.each<[string, readonly RowResult[], string]>([
    ['a missing row', hundred.slice(1), '1 of 100 rows are missing, first row-00000'],
    ['a row answered twice', [...hundred, ...hundred.slice(0, 1)], 'row row-00000 is answered twice'],
    [
      'a row from elsewhere',
      [...hundred, syntheticResult(500, true)],
      '1 answered rows are not in the suite, first row-00500',
    ],
    ['rows out of order', hundred.toReversed(), 'row row-00000 is out of order'],
    [
      'a score of NaN',
      hundred.map((row) => ({ ...row, score: Number.NaN })),
      'arm candidate: row row-00000 has the exact_match NaN, which is no number from 0 to 1',
    ],
    ['a score above 1', hundred.map((row) => ({ ...row, score: 1.5 })), 'row row-00000 has the exact_match 1.5'],
    [
      'a graded score of NaN',
      hundred.map((row, index) => ({ ...row, scores: { rouge_l: index === 7 ? Number.NaN : 0.5 } })),
      'arm candidate: row row-00007 has the rouge_l NaN',
    ],
  ])('%s is an error', (_, results, message) => {
    expect(() =>
      build(
        results,
        hundred.map(({ rowId }) => rowId),
      ),
    ).toThrow(message);
  });

  test('a suite without rows is an error', () => {
    expect(() => build([])).toThrow('there are no rows to score');
  });
});
