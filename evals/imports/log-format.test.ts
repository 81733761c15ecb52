// The readers on logs that the tools wrote themselves: 20 rows of an invented help desk, two models.
import { describe, expect, it } from 'vitest';
import type { ImportedArm } from './imported-arm.ts';
import { armsOfDocument, readerForLines, unknownFormat } from './log-format.ts';
import { recordedLines, recordedLog } from './synthetic-logs.ts';

const options = { file: 'the log', fields: ['label'] };

function armsOf(name: string): ImportedArm[] {
  if (name.endsWith('.json')) {
    return armsOfDocument(JSON.parse(recordedLog(name)), options) ?? [];
  }
  const records = recordedLines(name);
  const reader = readerForLines(records[0], options);
  records.forEach((record, index) => reader?.add(record, `line ${index + 1}`));
  return reader?.arms() ?? [];
}

const rightOf = ({ rows }: ImportedArm, score: string): number =>
  rows.filter(({ scores }) => scores[score] === 1).length;

describe('a log of promptfoo 0.123.1', () => {
  it.each(['promptfoo-0.123.1.json', 'promptfoo-0.123.1.jsonl'])(
    '%s has one arm a provider, with every row',
    (name) => {
      const [tuned, other] = armsOf(name);
      expect(tuned).toMatchObject({ tool: 'promptfoo', label: 'tuned', model: 'openai:chat:stub-a' });
      expect(other).toMatchObject({ label: 'openai:chat:stub-b' });
      expect([tuned?.rows.length, other?.rows.length]).toEqual([20, 20]);
      expect(tuned?.rows.map(({ id }) => id).toSorted()).toEqual(other?.rows.map(({ id }) => id).toSorted());
      expect(tuned?.rows[0]).toMatchObject({
        expected: 'card',
        answer: 'card',
        scores: { passed: 1, score: 1 },
        fields: { label: 'card' },
        promptTokens: 22,
        completionTokens: 3,
        finish: 'stop',
      });
    },
  );

  it('has the counts that promptfoo printed', () => {
    expect(armsOf('promptfoo-0.123.1.json').map((arm) => rightOf(arm, 'passed'))).toEqual([19, 17]);
  });

  it('tells a request that failed from an answer that is wrong', () => {
    const [, other] = armsOf('promptfoo-0.123.1.json');
    const failed = other?.rows.filter(({ answer }) => answer === null);
    expect(failed).toHaveLength(1);
    expect(failed?.[0]).toMatchObject({ expected: 'transfer', scores: {} });
    expect(failed?.[0]?.error).toMatch(/^API error: 400/u);
  });

  it('has an arm for each prompt, and two attempts at each repeated row', () => {
    const arms = armsOf('promptfoo-0.123.1-two-prompts-repeated.json');
    expect(arms.map(({ label }) => label)).toEqual(['openai:chat:stub-a prompt 1', 'openai:chat:stub-a second']);
    expect(arms.map(({ rows }) => [rows.length, new Set(rows.map(({ id }) => id)).size])).toEqual([
      [8, 4],
      [8, 4],
    ]);
    expect(arms[0]?.rows.map(({ scores }) => scores['short'])).toContain(0.5);
  });
});

describe('a log of inspect_ai 0.3.285', () => {
  it('has one arm with the ids of its dataset', () => {
    const [arm] = armsOf('inspect-0.3.285-queues-stub-a.json');
    expect(arm).toMatchObject({ tool: 'inspect_ai', version: '0.3.285', label: 'openai-api/stub/stub-a' });
    expect(arm?.rows).toHaveLength(20);
    expect(arm?.rows[0]).toMatchObject({ id: 'q01', expected: 'card', answer: 'card', promptTokens: 22 });
    expect(arm?.rows[0]?.latencyMs).toBeGreaterThan(10);
  });

  it('has the mean that inspect reported', () => {
    const [arm] = armsOf('inspect-0.3.285-queues-stub-a.json');
    expect(arm === undefined ? undefined : rightOf(arm, 'exact') / arm.rows.length).toBe(0.95);
  });

  it('has every scorer, and one attempt an epoch', () => {
    const [arm] = armsOf('inspect-0.3.285-both-stub-a.json');
    expect(arm?.rows.map(({ id }) => id).toSorted()).toEqual(['1', '1', '2', '2', '3', '3', '4', '4']);
    expect(Object.keys(arm?.rows[0]?.scores ?? {})).toEqual(['exact', 'includes']);
  });
});

describe('samples of lm-eval 0.4.13', () => {
  it.each([
    ['lm-eval-0.4.13-queues-stub-a.jsonl', 19],
    ['lm-eval-0.4.13-queues-stub-c.jsonl', 13],
  ])('%s are one arm with as many right as lm-eval printed', (name, right) => {
    const [arm] = armsOf(name);
    expect(arm).toMatchObject({ tool: 'lm-eval', label: 'the log' });
    expect(arm?.rows).toHaveLength(20);
    expect(arm === undefined ? 0 : rightOf(arm, 'exact_match')).toBe(right);
    expect(arm?.rows[0]).toMatchObject({ id: '0', expected: 'card', latencyMs: null, fields: { label: 'card' } });
  });

  it('are one arm a filter where there are several', () => {
    const arms = armsOf('lm-eval-0.4.13-queues2-stub-a.jsonl');
    expect(arms.map(({ label, rows }) => [label, rows.length, rows[0]?.answer])).toEqual([
      ['strict', 20, 'card'],
      ['upper', 20, 'CARD'],
    ]);
  });
});

describe('the format', () => {
  it.each([
    [{ name: 'contender' }],
    [[]],
    [null],
    ['text'],
    [{ results: { results: 'none' } }],
    [{ results: [], eval: {} }],
  ])('is not guessed for %j', (value) => {
    expect(armsOfDocument(value, options)).toBeUndefined();
    expect(readerForLines(value, options)).toBeUndefined();
  });

  it('is named in three versions when it is unknown', () => {
    expect(unknownFormat('x.json').hint).toMatch(/promptfoo.*inspect_ai.*lm-eval/u);
  });
});
