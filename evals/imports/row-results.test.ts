// From the rows of a log to results: which score, what it is called here, and what attempts become.
import { describe, expect, it } from 'vitest';
import { rowResultSchema } from '../../domain/scorecard.ts';
import { chooseScore } from './choose-score.ts';
import type { ImportedArm, ImportedRow } from './imported-arm.ts';
import { measuredOf, rowResults } from './row-results.ts';

function row(id: string, scores: Record<string, number>, change: Partial<ImportedRow> = {}): ImportedRow {
  return {
    id,
    asked: `asked ${id}`,
    expected: 'card',
    answer: 'Card. ',
    scores,
    fields: { customer: `c${id.length}` },
    latencyMs: 10,
    promptTokens: 5,
    completionTokens: 1,
    costUsd: 0.5,
    cached: false,
    finish: 'stop',
    ...change,
  };
}

const arm = (label: string, ...rows: ImportedRow[]): ImportedArm => ({
  tool: 'promptfoo',
  version: null,
  label,
  model: label,
  rows,
});

describe('the score that is compared', () => {
  it.each([
    ['exact_match', [1, 0], 'exact_match'],
    ['exact', [1, 0], 'exact_match'],
    ['includes', [1, 0], 'passed'],
    ['f1', [1, 0.5], 'mean_score'],
    ['rougeL', [0.2, 0.5], 'rouge_l'],
    ['exact', [1, 0.5], 'mean_score'],
  ])('%s with %j is %s', (name, values, metric) => {
    const rows = values.map((value, index) => row(String(index), { [name]: value }));
    expect(chooseScore([arm('a', ...rows)])).toEqual({ name, metric });
  });

  it('is the one that is asked for, or a usual one, or nobody’s guess', () => {
    const both = arm('a', row('1', { passed: 1, score: 0.5 }));
    expect(chooseScore([both]).name).toBe('passed');
    expect(chooseScore([both], 'score')).toEqual({ name: 'score', metric: 'mean_score' });
    const odd = arm('b', row('1', { helpful: 1, polite: 0 }));
    expect(() => chooseScore([odd])).toThrow(/they have helpful, polite/u);
    expect(() => chooseScore([odd], 'kind')).toThrow('b has no score kind');
    expect(() => chooseScore([both, odd])).toThrow(/no score in common/u);
  });

  it.each([[Number.NaN], [1.5], [-0.1], [Number.POSITIVE_INFINITY], [undefined]])(
    'is refused with the value %s',
    (value) => {
      const scores: Record<string, number> = value === undefined ? {} : { exact: value };
      const flawed = arm('a', row('1', { exact: 1 }), row('2', scores));
      expect(() => chooseScore([flawed])).toThrow(/^row 2 has the exact .*no number from 0 to 1/u);
    },
  );

  it('may be missing where the request failed', () => {
    const failed = row('2', {}, { answer: null, error: 'timeout' });
    expect(chooseScore([arm('a', row('1', { exact: 1 }), failed)]).metric).toBe('exact_match');
  });
});

describe('results', () => {
  const none = { slices: [] };

  it('are valid, and read what the log accepted as the expected answer', () => {
    const results = rowResults(
      arm('a', row('1', { exact: 1 }), row('2', { exact: 0 }, { answer: ' fees ' })),
      { name: 'exact', metric: 'exact_match' },
      none,
    );
    expect(results.map((result) => rowResultSchema.parse(result))).toEqual(results);
    expect(results.map(({ score, parsed }) => [score, parsed])).toEqual([
      [1, 'card'],
      [0, 'fees'],
    ]);
  });

  it('average the attempts at a row and keep each', () => {
    const [result] = rowResults(
      arm('a', row('1', { f: 1 }), row('1', { f: 0.5 }, { latencyMs: 30 })),
      { name: 'f', metric: 'mean_score' },
      none,
    );
    expect(result).toMatchObject({
      score: 0,
      scores: { mean_score: 0.75 },
      latencyMs: 20,
      costUsd: 1,
      promptTokens: 10,
    });
    expect(result?.repeats?.map(({ score }) => score)).toEqual([1, 0.5]);
  });

  it('are unanswered when one attempt failed', () => {
    const failed = row('1', {}, { answer: null, error: 'timeout' });
    const [result] = rowResults(arm('a', row('1', { f: 1 }), failed), { name: 'f', metric: 'mean_score' }, none);
    expect(result).toMatchObject({ answer: null, parsed: null, error: 'timeout', scores: { mean_score: 0.5 } });
  });

  it('refuse one id for different rows', () => {
    const rows = [row('1', { f: 1 }), row('1', { f: 1 }, { asked: 'something else' })];
    expect(() => rowResults(arm('a', ...rows), { name: 'f', metric: 'passed' }, none)).toThrow(
      'the row id 1 stands for different rows',
    );
  });

  it('carry the cluster and slices that are asked for, which must be there', () => {
    const score = { name: 'f', metric: 'passed' } as const;
    const [result] = rowResults(arm('a', row('1', { f: 1 })), score, { cluster: 'customer', slices: ['customer'] });
    expect(result).toMatchObject({ group: 'c1', slices: { customer: 'c1' } });
    expect(() => rowResults(arm('a', row('1', { f: 1 })), score, { cluster: 'patient', slices: [] })).toThrow(
      'no row has a field patient',
    );
  });

  it('say what was not measured', () => {
    expect(measuredOf(arm('a', row('1', {})))).toEqual({ latency: true, tokens: true });
    expect(measuredOf(arm('a', row('1', {}, { latencyMs: null })))).toEqual({ latency: false, tokens: true });
  });
});
