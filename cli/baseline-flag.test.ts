import { describe, expect, it } from 'vitest';
import { BadInput } from '../domain/bad-input.ts';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import type { Recipe } from '../domain/recipe.ts';
import { withBaseline } from './baseline-flag.ts';
import type { LoadedRecipe } from './load-recipe.ts';

const loadedOf = (recipe: Recipe, path = 'recipe.yaml'): LoadedRecipe => ({
  path,
  recipe,
  candidates: [{ id: 'c1', label: '', recipe }],
});
const loaded = loadedOf(syntheticRecipe());

describe('--baseline', () => {
  it('left out keeps the baselines of the recipe', () => {
    expect(withBaseline(loaded, undefined, {})).toEqual(loaded);
  });

  it('replaces all baselines of the recipe', () => {
    const { recipe, candidates } = withBaseline(loaded, 'openai/org/model-1', { OPENAI_API_KEY: 'k' });
    expect(candidates.map((one) => one.recipe.evaluate)).toEqual([recipe.evaluate]);
    expect(recipe.evaluate.baselines).toMatchObject([{ provider: 'openai', model: 'org/model-1', max_concurrency: 8 }]);
    expect(loaded.recipe.evaluate.baselines[0]?.provider).toBe('stand-in');
  });

  it.each(['gpt', '/model', 'openai/', 'nobody/model', ''])('"%s" is refused', (flag) => {
    expect(() => withBaseline(loaded, flag, { OPENAI_API_KEY: 'k' })).toThrow(
      expect.objectContaining({ message: `"${flag}" is not provider/model`, where: '--baseline' }),
    );
  });

  it.each([
    ['stand-in/other', 'model: the only stand-in is tfidf-logreg'],
    ['bedrock/m', 'region: is needed by provider bedrock'],
    ['azure/m', 'resource: provider azure needs either `resource` or `base_url`'],
  ])('%s is refused, saying what the recipe must state', (flag, message) => {
    expect(() => withBaseline(loaded, flag, {})).toThrow(
      expect.objectContaining({ message, where: `--baseline ${flag}` }),
    );
  });

  it('takes the path of a file with the key for the key', () => {
    expect(
      withBaseline(loaded, 'openai/m', { OPENAI_API_KEY_FILE: '/run/secrets/key' }).recipe.evaluate.baselines,
    ).toHaveLength(1);
  });

  it.each([
    ['openai/m', 'OPENAI_API_KEY'],
    ['anthropic/m', 'ANTHROPIC_API_KEY'],
  ])('%s without its key names %s and never its value', (flag, variable) => {
    for (const environment of [{}, { [variable]: '' }]) {
      expect(() => withBaseline(loaded, flag, environment)).toThrow(BadInput);
      expect(() => withBaseline(loaded, flag, environment)).toThrow(`${variable} is not set`);
    }
  });
});

it('a baseline in batches is taken, and needs its key as others do', () => {
  const recipe = syntheticRecipe((draft) => {
    draft.evaluate.baselines = [{ provider: 'openai', model: 'm', batch: true }];
  });
  expect(withBaseline(loadedOf(recipe), undefined, { OPENAI_API_KEY: 'k' }).recipe).toEqual(recipe);
  expect(() => withBaseline(loadedOf(recipe), undefined, {})).toThrow('OPENAI_API_KEY is not set');
});

it('a baseline of the recipe needs the variable that the recipe names', () => {
  const recipe = syntheticRecipe((draft) => {
    draft.evaluate.baselines = [{ provider: 'openai', model: 'm', api_key_env: 'TEAM_KEY' }];
  });
  expect(() => withBaseline(loadedOf(recipe, 'r.yaml'), undefined, { OPENAI_API_KEY: 'k' })).toThrow(
    expect.objectContaining({
      message: 'openai/m needs a key, and TEAM_KEY is not set',
      where: 'r.yaml: evaluate.baselines',
    }),
  );
  expect(withBaseline(loadedOf(recipe, 'r.yaml'), undefined, { TEAM_KEY: 'k' }).recipe).toEqual(recipe);
});
