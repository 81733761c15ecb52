import { describe, expect, it } from 'vitest';
import { sha256 } from '../domain/canonical.ts';
import { tokenStatisticsSchema } from '../domain/token-statistics.ts';
import { syntheticDataset } from '../evals/report/synthetic-run.ts';
import { syntheticTokens } from '../evals/report/synthetic-tokens.ts';
import { getJson } from '../registry/json.ts';
import { memoryStore } from '../registry/memory-store.ts';
import { storeTokens } from './store-tokens.ts';

const manifest = syntheticDataset(160);
const card = `datasets/${manifest.name}/${manifest.version}/card.md`;
const tokens = syntheticTokens();
const train = tokens.splits.train ?? expect.fail('it has training rows');

describe('token statistics in the store', () => {
  it('lie beside the dataset version, and the card is written with all of them', async () => {
    const store = memoryStore();
    const key = await storeTokens(store, manifest, tokens);
    const other = { ...tokens, base: { name: 'another-base', sha256: sha256('another') } };
    expect(await storeTokens(store, manifest, other)).not.toBe(key);
    expect(await getJson(store, key, tokenStatisticsSchema)).toEqual(tokens);
    const text = Buffer.from((await store.get(card)) ?? '').toString();
    expect(text).toContain('template of synthetic-base');
    expect(text).toContain('template of another-base');
    expect(text).toContain('## Sources');
  });

  it('of more splits stay when fewer are counted later, and give way when more are', async () => {
    const store = memoryStore();
    const fewer = { ...tokens, splits: { train } };
    const more = { ...tokens, splits: { ...tokens.splits, test: train } };
    const key = await storeTokens(store, manifest, tokens);
    await storeTokens(store, manifest, fewer);
    expect(await getJson(store, key, tokenStatisticsSchema)).toEqual(tokens);
    await storeTokens(store, manifest, more);
    expect(await getJson(store, key, tokenStatisticsSchema)).toEqual(more);
  });
});
