// Stores token statistics beside their dataset version, and writes the card anew with all there are.
import type { DatasetManifest } from '../domain/dataset.ts';
import { tokenStatisticsSchema, type TokenStatistics } from '../domain/token-statistics.ts';
import { datasetCard } from '../datasets/card/card.ts';
import { tokensKey, tokensPrefix } from '../datasets/token-statistics.ts';
import { getJson, putJson } from '../registry/json.ts';
import type { ObjectStore } from '../registry/store.ts';

/** Of two for the same base and settings the one that counted more splits stays. Returns the key. */
export async function storeTokens(
  store: ObjectStore,
  manifest: DatasetManifest,
  tokens: TokenStatistics,
): Promise<string> {
  const key = tokensKey(manifest, tokens);
  const known = await getJson(store, key, tokenStatisticsSchema);
  if (known === undefined || splitsOf(known) <= splitsOf(tokens)) {
    await putJson(store, key, tokens, tokenStatisticsSchema);
  }
  const all: TokenStatistics[] = [];
  for await (const stored of store.list(tokensPrefix(manifest))) {
    const found = await getJson(store, stored, tokenStatisticsSchema);
    if (found !== undefined) {
      all.push(found);
    }
  }
  await store.put(`datasets/${manifest.name}/${manifest.version}/card.md`, Buffer.from(datasetCard(manifest, all)));
  return key;
}

function splitsOf({ splits }: TokenStatistics): number {
  return Object.keys(splits).length;
}
