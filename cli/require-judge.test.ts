import { expect, it } from 'vitest';
import { BadInput } from '../domain/bad-input.ts';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import { withBaseline } from './baseline-flag.ts';
import type { LoadedRecipe } from './load-recipe.ts';
import { requireJudge } from './require-judge.ts';

const recipe = syntheticRecipe((draft) => {
  draft.task = 'generation';
  draft.evaluate = {
    baselines: [{ provider: 'openai', model: 'gpt-5' }],
    scorers: ['judge_preference'],
    judge: { panel: [{ provider: 'mistral', model: 'mistral-large', api_key_env: 'TEAM_KEY' }], criteria: 'Right.' },
  };
  draft.gate = { metric: 'judge_preference' };
});
const loaded: LoadedRecipe = { path: 'r.yaml', recipe, candidates: [{ id: 'c1', label: '', recipe }] };
const environment = { OPENAI_API_KEY: 'k', TEAM_KEY: 'k', MISTRAL_API_KEY: 'k' };

it('a judge with its key passes, and so does a recipe without a judge', () => {
  expect(() => requireJudge(loaded, environment)).not.toThrow();
  const plain = syntheticRecipe();
  expect(() => requireJudge({ ...loaded, recipe: plain }, {})).not.toThrow();
});

const withoutKey = (): void => requireJudge(loaded, { OPENAI_API_KEY: 'k', TEAM_KEY: '' });

it('a judge without its key is bad input that names the variable', () => {
  expect(withoutKey).toThrow(BadInput);
  expect(withoutKey).toThrow('the judge mistral/mistral-large needs a key, and TEAM_KEY is not set');
});

it('a baseline given on the command line may not be of the family of a judge', () => {
  const other = withBaseline(loaded, 'mistral/ministral-8b', environment);
  expect(() => requireJudge(other, environment)).toThrow(
    'evaluate.judge.panel.0.model: is of the mistral family, as is the baseline ministral-8b',
  );
});
