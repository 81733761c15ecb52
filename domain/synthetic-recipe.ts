// A small valid recipe for tests.
import type { z } from 'zod';
import { recipeSchema, type Recipe } from './recipe.ts';

/** What a user would write; `change` may alter any part of it. */
export function syntheticRecipe(change: (draft: z.input<typeof recipeSchema>) => void = () => undefined): Recipe {
  const draft: z.input<typeof recipeSchema> = {
    name: 'colours',
    task: 'classification',
    dataset: {
      sources: [{ path: 'rows.csv', map: { input: 'text', output: 'label' } }],
      curate: { split: { train: 4, validation: 1, test: 2 } },
    },
    model: { base: 'tiny' },
    evaluate: { baselines: [{ provider: 'stand-in', model: 'tfidf-logreg' }] },
  };
  change(draft);
  return recipeSchema.parse(draft);
}
