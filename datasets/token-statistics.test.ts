import { describe, expect, it } from 'vitest';
import { trainSchema } from '../domain/recipe-train.ts';
import { curated } from './synthetic-curation.ts';
import { tokensKey, tokenStatistics } from './token-statistics.ts';
import { datasetCard } from './card/card.ts';
import type { SplitTokens, TokenLayout } from '../domain/token-statistics.ts';

const lines = Array.from({ length: 14 }, (_, row) => `${'word '.repeat(row + 1)}of row ${row},label ${row % 2}`);
const { manifest } = await curated(`text,label\n${lines.join('\n')}\n`, {
  curate: { dedupe: { exact: true, near: false } },
});
const train = trainSchema.parse({ micro_batch_size: 2, num_epochs: 3, sequence_len: 64 });
const recipe = { train, evaluate: { prompt: { user: '{input}' } } };
const base = { name: 'synthetic-base', sha256: 'ab'.repeat(32) };
const spread = { shortest: 1, median: 2, p90: 3, p99: 4, longest: 5, classes: [{ up_to: 16, rows: 3 }] };
const counted: SplitTokens = {
  rows: 3,
  tokens: 9,
  learnt: 3,
  prompt: spread,
  answer: spread,
  whole: spread,
  longer: { count: 0, ids: [] },
};
const layout: TokenLayout = {
  packing: true,
  rows: 3,
  passes: 2,
  packed_passes: 1,
  tokens: 80,
  padded_places: 100,
  places: 60,
};

describe('token statistics', () => {
  it('count steps by the rows that were counted, and by all rows of the split where those are a sample', () => {
    const all = tokenStatistics('tokenizer', { splits: { train: counted }, layout }, { base, recipe, manifest }, false);
    expect(all).toMatchObject({ stepsPerEpoch: 2, steps: 6, of: { train: 4, validation: 1, test: 2 } });
    const large = { splits: { ...manifest.splits, train: { ...manifest.splits.train, rows: 1001 } } };
    const sample = tokenStatistics(
      'tokenizer',
      { splits: { train: counted } },
      { base, recipe, manifest: large },
      true,
    );
    expect(sample).toMatchObject({ stepsPerEpoch: 501, steps: 1503 });
    expect(sample).not.toHaveProperty('layout');
  });

  it('lie by base, by settings and by what is asked around the rows', () => {
    const key = (change: Partial<typeof recipe>, other = base): string =>
      tokensKey(
        manifest,
        tokenStatistics(
          'tokenizer',
          { splits: { train: counted } },
          { base: other, recipe: { ...recipe, ...change }, manifest },
          false,
        ),
      );
    expect(key({})).toMatch(new RegExp(`^datasets/trial/${manifest.version}/tokens-(ab){8}-[0-9a-f]{8}\\.json$`, 'u'));
    expect(key({ train: { ...train, learning_rate: 0.5 } })).toBe(key({}));
    const others = [
      key({ train: { ...train, sequence_len: 65 } }),
      key({ evaluate: { prompt: { user: 'Say {input}' } } }),
      key({}, { ...base, sha256: 'cd'.repeat(32) }),
    ];
    expect(new Set([key({}), ...others]).size).toBe(4);
  });

  it('are a section of the card for each base', () => {
    const one = tokenStatistics('tokenizer', { splits: { train: counted }, layout }, { base, recipe, manifest }, false);
    const long = { ...counted, longer: { count: 2, ids: ['row-7', 'row-9'] } };
    const other = tokenStatistics(
      'estimate',
      { splits: { train: long } },
      { base: { name: 'elsewhere', sha256: null }, recipe, manifest },
      true,
    );
    const card = datasetCard(manifest, [one, other]);
    expect(card.match(/^## Tokens$/gmu)).toHaveLength(2);
    expect(card).toContain('take 100 token places for 80 tokens: 20.0 % padding');
    expect(card).toContain('all then take 60 places, 40.0 % fewer');
    expect(card).toContain('No row is longer than sequence_len 64.');
    expect(card).toContain('An estimate from characters: elsewhere is not on this machine.');
    expect(card).toContain('2 of train (row-7, row-9)');
    expect(card).toContain('Of the 4 rows of train, 3 were counted.');
  });
});
