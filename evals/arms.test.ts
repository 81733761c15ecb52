import { expect, test } from 'vitest';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import { armsOf } from './arms.ts';

const priced = { provider: 'openai', model: 'gpt-a' } as const;

test('a recipe may ask for the classical reference, which stands in for nobody', () => {
  const recipe = syntheticRecipe((draft) => {
    draft.evaluate.arms = { classical: true };
  });
  const arms = armsOf(recipe);
  expect(arms.map(({ id }) => id)).toEqual(['candidate', 'base', 'classical', 'baseline-1-tfidf-logreg']);
  expect(arms[2]).toMatchObject({ kind: 'classical', provider: 'stand-in', standIn: false });
});

test('the flagship of a recipe is marked on its arm, and no other is', () => {
  const recipe = syntheticRecipe((draft) => {
    draft.evaluate.baselines = [priced, { ...priced, model: 'gpt-b', flagship: true }];
  });
  expect(armsOf(recipe).map(({ flagship }) => flagship)).toEqual([undefined, undefined, undefined, true]);
});

test('a baseline in batches is named so, since it costs half', () => {
  const recipe = syntheticRecipe((draft) => {
    draft.evaluate.baselines = [{ ...priced, batch: true }];
  });
  expect(armsOf(recipe).at(-1)?.label).toBe(`${priced.model} (${priced.provider}, batch)`);
});

test('looks at answers as they come in exclude batches', () => {
  expect(() =>
    syntheticRecipe((draft) => {
      draft.evaluate.baselines = [{ ...priced, batch: true }];
      draft.gate = { sequential: { enabled: true } };
    }),
  ).toThrow('excludes gate.sequential');
});

test('two flagships are one too many', () => {
  expect(() =>
    syntheticRecipe((draft) => {
      draft.evaluate.baselines = [
        { ...priced, flagship: true },
        { ...priced, flagship: true },
      ];
    }),
  ).toThrow('only one can be the flagship');
});

test('a classical classifier answers classification only', () => {
  expect(() =>
    syntheticRecipe((draft) => {
      draft.task = 'summarization';
      draft.evaluate = { scorers: ['rouge_l'], arms: { classical: true }, baselines: [priced] };
      draft.gate = { metric: 'rouge_l' };
    }),
  ).toThrow('a classical classifier answers classification only');
});
