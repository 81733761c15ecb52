import { describe, expect, test } from 'vitest';
import type { TokenStatistics } from '../../../domain/token-statistics.ts';
import { textOf } from '../html.ts';
import { syntheticTokens } from '../synthetic-tokens.ts';
import { tokensPart } from './tokens-part.ts';

async function shown(tokens: TokenStatistics): Promise<string> {
  const part = (await tokensPart(tokens)) ?? expect.fail('there are token statistics');
  return textOf(part).replaceAll(/\s+/gu, ' ');
}

describe('the part on tokens', { timeout: 30_000 }, () => {
  const tokens = syntheticTokens();

  test('says by what was counted, how long rows are, and what packing saves', async () => {
    const text = await shown(tokens);
    expect(text).toContain('Counted by the tokenizer and chat template of synthetic-base');
    expect(text).toContain('medians: train 64, validation 64');
    expect(text).toContain('40 of 8 × 2 rows, 40 in all');
    // 1 − 41,000 / 50,000 and 1 − 30,000 / 50,000.
    expect(text).toContain('<dt>Padding without packing</dt> <dd>18.0 %</dd>');
    expect(text).toContain('72 of 80 passes, 40.0 % fewer token places');
    expect(text).toContain('<dt>Rows of more than 256 tokens</dt> <dd>none</dd>');
  });

  test('counts rows that training refuses by split', async () => {
    const train = tokens.splits.train ?? expect.fail('it has training rows');
    const text = await shown({
      ...tokens,
      splits: { ...tokens.splits, train: { ...train, longer: { count: 3, ids: ['a', 'b', 'c'] } } },
    });
    expect(text).toContain('<dd>3 of train</dd>');
  });

  test('says that rows are a sample, and that an estimate is one', async () => {
    const { layout: _layout, ...rest } = tokens;
    const text = await shown({ ...rest, how: 'estimate', of: { ...tokens.of, train: 1_000_000 } });
    expect(text).toContain('An estimate from characters: synthetic-base was not on the machine.');
    expect(text).toContain('Of 1,000,000 rows of train, 640 were counted.');
    expect(text).not.toContain('Padding');
  });

  test('is not there where nobody counted', async () => {
    expect(await tokensPart(null)).toBeNull();
  });
});
