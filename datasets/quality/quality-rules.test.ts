import { describe, expect, it } from 'vitest';
import { qualitySchema } from '../../domain/recipe-quality.ts';
import { createBoilerplateFinder } from './boilerplate.ts';
import { createQualityRules } from './quality-rules.ts';

const rules = (settings: Parameters<typeof qualitySchema.parse>[0]) =>
  createQualityRules(qualitySchema.parse(settings));
const drop = (settings: object, input: string, output = 'yes') => rules(settings)({ input, output });

describe('the quality rules', () => {
  it('drop nothing unless they are set, but for very long answers', () => {
    const row = { input: '!!! '.repeat(2000), output: 'x' };
    expect(rules({})(row)).toBeUndefined();
    expect(drop({}, 'a', 'x'.repeat(20_001))).toEqual({
      rule: 'output_too_long',
      detail: '20001 characters, 20000 allowed',
    });
  });

  it('count an answer in characters, not in code units', () => {
    expect(drop({ max_output_chars: 3 }, 'a', '😀😀😀')).toBeUndefined();
    expect(drop({ max_output_chars: 2 }, 'a', '😀😀😀')?.rule).toBe('output_too_long');
  });

  it('count words in scripts with and without spaces', () => {
    expect(drop({ min_input_words: 3 }, "I don't -- !")).toEqual({ rule: 'too_short', detail: '2 words, 3 needed' });
    expect(drop({ min_input_words: 3 }, 'my card arrived')).toBeUndefined();
    expect(drop({ min_input_words: 3 }, '我的卡')).toBeUndefined();
    expect(drop({ min_input_words: 4 }, '我的卡')?.rule).toBe('too_short');
  });

  it('measure a sentence said twice as a half, and texts that share pairs of words as not repetitive', () => {
    const sentence = 'my card has not arrived';
    expect(drop({ max_repetition: 0.4 }, `${sentence} ${sentence}`)).toEqual({
      rule: 'repetitive',
      detail: '50 % repeats, 40 % allowed',
    });
    expect(drop({ max_repetition: 0.5 }, `${sentence}. ${sentence.toUpperCase()}`)).toBeUndefined();
    expect(drop({ max_repetition: 0 }, 'my card is new and my card is red')?.rule).toBe('repetitive');
    expect(drop({ max_repetition: 0 }, 'my card is, my card was, my card will')).toBeUndefined();
    expect(drop({ max_repetition: 0.9 }, 'spam '.repeat(100))?.detail).toBe('99 % repeats, 90 % allowed');
  });

  it('count marks as letters and emoji as symbols', () => {
    expect(drop({ max_symbols: 0 }, 'हिन्दी में 123')).toBeUndefined();
    expect(drop({ max_symbols: 0.5 }, 'ab😀😀')).toBeUndefined();
    expect(drop({ max_symbols: 0.5 }, 'ab😀😀😀')?.detail).toBe('60 % symbols, 50 % allowed');
  });

  it('find boilerplate anywhere in a text, whatever its case', () => {
    const settings = { boilerplate: ['^unsubscribe', String.raw`sent from my \w+$`] };
    expect(drop(settings, `${'x '.repeat(20_000)}Sent from my phone`)).toEqual({
      rule: 'boilerplate',
      detail: 'pattern 2',
    });
    expect(drop(settings, 'how do I unsubscribe')).toBeUndefined();
  });

  it.each(['foo|bar|baz|a|b|c|d|e|f', String.raw`^(?:please |kindly )?click\s+here`, String.raw`[(*]\(x\)+`])(
    'take the pattern %s',
    (pattern) => {
      expect(drop({ boilerplate: [pattern] }, '?')).toBeUndefined();
    },
  );

  it.each(['(a+)+$', String.raw`(.)x\1`, '.*.*.*x', '(', ''])(
    'refuse the pattern %j, and say which it is',
    (pattern) => {
      const where = `dataset.curate.quality.boilerplate[1] (${pattern})`;
      expect(() => createBoilerplateFinder(['x', pattern])).toThrow(
        expect.objectContaining({ name: 'ContenderBadInput', where }),
      );
    },
  );

  it('stay fast on texts made to be slow', () => {
    const check = rules({
      max_repetition: 0.9,
      max_symbols: 0.9,
      boilerplate: [String.raw`\s+\s{0,30}$`, '(?:foo|bar)baz'],
    });
    const started = performance.now();
    check({ input: `${' '.repeat(500_000)}x`, output: '' });
    check({ input: Array.from({ length: 100_000 }, (_, index) => `w${index}`).join(' '), output: '' });
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
