import { describe, expect, it } from 'vitest';
import { BadInput } from '../domain/bad-input.ts';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import { withBaseline } from './baseline-flag.ts';

const loaded = { path: 'recipe.yaml', recipe: syntheticRecipe() };

describe('--baseline', () => {
  it('left out keeps the baselines of the recipe', () => {
    expect(withBaseline(loaded, undefined, {})).toEqual(loaded);
  });

  it('replaces all baselines of the recipe', () => {
    const { recipe } = withBaseline(loaded, 'openai/org/model-1', { OPENAI_API_KEY: 'k' });
    expect(recipe.evaluate.baselines).toEqual([{ provider: 'openai', model: 'org/model-1', max_concurrency: 8 }]);
    expect(loaded.recipe.evaluate.baselines[0]?.provider).toBe('stand-in');
  });

  it.each(['gpt', '/model', 'openai/', 'nobody/model', 'stand-in/other', ''])('"%s" is refused', (flag) => {
    expect(() => withBaseline(loaded, flag, { OPENAI_API_KEY: 'k' })).toThrow(
      expect.objectContaining({ message: `"${flag}" is not provider/model`, where: '--baseline' }),
    );
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

it('a baseline of the recipe needs the variable that the recipe names', () => {
  const recipe = syntheticRecipe((draft) => {
    draft.evaluate.baselines = [{ provider: 'openai', model: 'm', api_key_env: 'TEAM_KEY' }];
  });
  expect(() => withBaseline({ path: 'r.yaml', recipe }, undefined, { OPENAI_API_KEY: 'k' })).toThrow(
    expect.objectContaining({
      message: 'openai/m needs a key, and TEAM_KEY is not set',
      where: 'r.yaml: evaluate.baselines',
    }),
  );
  expect(withBaseline({ path: 'r.yaml', recipe }, undefined, { TEAM_KEY: 'k' }).recipe).toEqual(recipe);
});
