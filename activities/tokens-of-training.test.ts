import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../domain/canonical.ts';
import { syntheticRun } from '../evals/report/synthetic-run.ts';
import { syntheticTokens } from '../evals/report/synthetic-tokens.ts';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import { putBlob } from '../registry/blobs.ts';
import { memoryStore } from '../registry/memory-store.ts';
import { tokensOfTraining } from './tokens-of-training.ts';

const { dataset: manifest, training } = syntheticRun(160, null);
const { splits, layout, base } = syntheticTokens();

describe('tokens of a training', () => {
  it('are what its trainer counted, for the settings as trained', async () => {
    const store = memoryStore();
    const tokens = await putBlob(store, canonicalJson({ schema: 1, splits, layout }));
    const trainer = { ...training.trainer, micro_batch_size: 4, gradient_accumulation_steps: 5 };
    const found = await tokensOfTraining(
      store,
      { tokens, trainer },
      { recipe: syntheticRecipe(), manifest, base: { name: 'b', sha256: base.sha256 ?? '' } },
    );
    expect(found).toMatchObject({ how: 'tokenizer', stepsPerEpoch: 32, of: { train: 640, validation: 80, test: 160 } });
    expect(found?.settings).toMatchObject({ micro_batch_size: 4, gradient_accumulation_steps: 5 });
    expect(found?.splits).toEqual(splits);
  });

  it('are not there where the trainer left none', async () => {
    const found = await tokensOfTraining(memoryStore(), training, {
      recipe: syntheticRecipe(),
      manifest,
      base: { name: 'b', sha256: '' },
    });
    expect(found).toBeUndefined();
  });
});
