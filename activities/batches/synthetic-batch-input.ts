// Three rows and a baseline that is asked about them in batches, for tests.
import { canonicalJson } from '../../domain/canonical.ts';
import type { BatchInput } from '../../domain/batch-stage.ts';
import type { DatasetManifest, DatasetRow } from '../../domain/dataset.ts';
import { syntheticRecipe } from '../../domain/synthetic-recipe.ts';
import { armsOf } from '../../evals/arms.ts';
import { putBlob } from '../../registry/blobs.ts';
import type { ObjectStore } from '../../registry/store.ts';
import type { BatchProvider } from '../clients/batch-lines.ts';
import { toLines } from '../json-lines.ts';

const rows: DatasetRow[] = ['sky', 'sea', 'grass'].map((input, index) => ({
  id: `row-${index}`,
  input,
  output: index === 2 ? 'green' : 'blue',
  origin: { file: 'rows.csv', line: index + 2 },
}));

/** `given` takes the place of what it names. Two shards: `sky` and `sea`, then `grass`. */
export async function syntheticBatchInput(
  store: ObjectStore,
  provider: BatchProvider,
  given: Partial<BatchInput> = {},
): Promise<BatchInput> {
  const recipe = syntheticRecipe((draft) => {
    draft.evaluate.baselines = [{ provider, model: 'm', batch: true, price: { input: 2, output: 2 } }];
  });
  const file = await putBlob(store, toLines(rows));
  const split = { rows: rows.length, groups: 0, file };
  const manifest: DatasetManifest = {
    name: 'colours',
    version: '0123456789abcdef',
    sources: [],
    settings: {},
    read: 3,
    kept: 3,
    dropped: {},
    labels: ['blue', 'green'],
    splits: { train: split, validation: split, test: split },
    droppedRows: file,
  };
  const arm = armsOf(recipe).find(({ kind }) => kind === 'baseline');
  if (arm === undefined) {
    throw new Error('the recipe has no baseline');
  }
  return {
    runKey: 'run-1',
    recipe: await putBlob(store, canonicalJson(recipe)),
    manifest: await putBlob(store, canonicalJson(manifest)),
    arm,
    identity: `${provider}/m`,
    cacheEpoch: '',
    rows: rows.length,
    shardRows: 2,
    fromShard: 0,
    toShard: 2,
    usd: null,
    requests: null,
    ...given,
  };
}
