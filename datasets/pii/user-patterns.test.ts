import { describe, expect, it } from 'vitest';
import { boundedPattern } from '../bounded-pattern.ts';
import { compilePatterns } from './user-patterns.ts';

const compiled = (pattern: string): RegExp | undefined => compilePatterns([{ name: 'own', pattern }])[0]?.pattern;

describe('a pattern of the recipe', () => {
  it.each([
    [String.raw`EMP-\d{6}`, 'see EMP-123456', 'EMP-123456'],
    [String.raw`\b[A-Z]{2,4}\d{6,10}\b`, 'x KV1234567', 'KV1234567'],
    [String.raw`(?:Akte|Az\.) \d+/\d{2}`, 'Akte 1234/24', 'Akte 1234/24'],
    [String.raw`\p{Lu}\p{Ll}+-\d+`, 'Ärger-12', 'Ärger-12'],
    [String.raw`(?<kind>ID)?\d{4}`, 'ID1234', 'ID1234'],
    ['(?:ab){2,3}', 'ababab', 'ababab'],
    [String.raw`[\]x]+?y`, ']]y', ']]y'],
  ])('%j works as written', (pattern, text, value) => {
    expect(text.match(compiled(pattern) ?? /$^/u)?.[0]).toBe(value);
  });

  it('repeats a bounded number of times where it names no bound', () => {
    expect(boundedPattern('a+b*c{2,}?')).toEqual({
      problem: expect.stringContaining('1100 ways'),
      hint: expect.any(String),
    });
    expect(boundedPattern('a+b{2,}?')).toEqual({ pattern: 'a{1,33}b{2,34}?' });
  });

  it.each([
    ['(a+)+$', 'repeats something that itself varies'],
    ['(a|a)*b', 'repeats something that itself varies'],
    ['(?:a?){30}', 'repeats something that itself varies'],
    ['(?:(?:a|b)c){2,9}', 'repeats something that itself varies'],
    [String.raw`\w+\s*\w+\s*\w+x`, 'ways'],
    [String.raw`(a)\1`, 'refers back'],
    ['(?=a+)b', 'looks around'],
    ['(?<!a)b', 'looks around'],
    ['a'.repeat(1001), 'longer than'],
    ['a{1,99999}', 'ways'],
    ['[a', 'no regular expression'],
    ['a)', 'without ('],
    ['a*', 'matches the empty text'],
  ])('%j is refused', (pattern, message) => {
    expect(() => compiled(pattern)).toThrow(message);
  });

  it.each([String.raw`\d+\d+x`, 'a+a+b', String.raw`[a1]{0,30}[1a]{0,30}y`, '(?:a|b|ab)(?:a|ba|1)+?c'])(
    '%j is done with a quarter of a megabyte in seconds or refused',
    { timeout: 60_000 },
    (pattern) => {
      const bounded = boundedPattern(pattern);
      if ('problem' in bounded) {
        return;
      }
      const expression = new RegExp(bounded.pattern, 'gu');
      for (const piece of ['1', 'a', 'a1', 'ab']) {
        const started = performance.now();
        const matches = [...piece.repeat(2 ** 18 / piece.length).matchAll(expression)];
        expect(matches.length).toBeGreaterThanOrEqual(0);
        expect(performance.now() - started).toBeLessThan(10_000);
      }
    },
  );
});
