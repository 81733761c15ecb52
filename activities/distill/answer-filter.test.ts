import { describe, expect, it } from 'vitest';
import { keptAnswerSchema, type KeptAnswer } from '../asking/kept-answer.ts';
import { createAnswerFilter } from './answer-filter.ts';

const answer = (text: string, more: object = {}): KeptAnswer =>
  keptAnswerSchema.parse({
    text,
    promptTokens: 1,
    completionTokens: 1,
    finish: 'stop',
    latencyMs: 1,
    paidBy: 'x',
    ...more,
  });

const filter = (keep: Parameters<typeof createAnswerFilter>[0]['keep']) =>
  createAnswerFilter({ keep, max_tokens: 100 }, 'nfc', 'here');

const called = (given: string): KeptAnswer =>
  answer('', { toolCalls: [{ name: 'find', arguments: given }], finish: 'tool_calls' });

describe('the filter of answers', () => {
  it('reads calls as rows hold them, and refuses arguments that are no object', () => {
    expect(filter({})(called('{"b": 1, "a": {"c": []}}'))).toEqual({
      kind: 'text',
      text: '[{"arguments":{"a":{"c":[]},"b":1},"name":"find"}]',
    });
    expect(filter({})(called('[1]'))).toMatchObject({ kind: 'refused' });
    expect(filter({})(called('{'))).toMatchObject({ kind: 'refused' });
  });

  it('matches a pattern as a whole, over line breaks only where the pattern says so', () => {
    expect(filter({ pattern: 'a|b' })(answer('ab')).kind).toBe('refused');
    expect(filter({ pattern: 'a|b' })(answer(' b\r\n')).kind).toBe('text');
    expect(filter({ pattern: 'a.*b' })(answer(`a${'x'.repeat(3000)}b`)).kind).toBe('text');
    expect(filter({ pattern: 'a.*b' })(answer('a\nb')).kind).toBe('refused');
    expect(filter({ pattern: String.raw`a[\s\S]*b` })(answer('a\nb')).kind).toBe('text');
  });

  it.each(['(a+)+', '(a|aa)*', '(?=a)', String.raw`(a)\1`, 'a*b*c*', '('])(
    'does not take the pattern %s',
    (pattern) => {
      expect(() => filter({ pattern })).toThrow(/pattern/u);
    },
  );

  it('is quick at the slowest pattern that it takes, and does not try longer answers', () => {
    const slow = filter({ pattern: 'a*a*b' });
    const started = performance.now();
    expect(slow(answer('a'.repeat(4000))).kind).toBe('refused');
    expect(performance.now() - started).toBeLessThan(2000);
    expect(slow(answer('a'.repeat(4001)))).toMatchObject({ detail: expect.stringContaining('4000 characters') });
  });
});
