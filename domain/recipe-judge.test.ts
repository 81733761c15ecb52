import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { judgesOf, type judgeSchema } from './recipe-judge.ts';
import type { recipeSchema } from './recipe.ts';
import { syntheticRecipe } from './synthetic-recipe.ts';

type JudgeDraft = z.input<typeof judgeSchema>;

const judge: JudgeDraft = { panel: [{ provider: 'mistral', model: 'mistral-large' }], criteria: 'Right and short.' };

/** A summarization recipe that is decided by a judge; `change` alters any part of it. */
function recipe(change: (draft: z.input<typeof recipeSchema>) => void = () => undefined) {
  return syntheticRecipe((draft) => {
    draft.task = 'summarization';
    draft.model.base = 'smollm2-135m-instruct';
    draft.evaluate = {
      baselines: [{ provider: 'openai', model: 'gpt-5' }],
      scorers: ['judge_preference', 'rouge_l'],
      judge,
    };
    draft.gate = { metric: 'judge_preference', margin: 0.1 };
    change(draft);
  });
}

describe('a judge', () => {
  it('has one order of two asked once, sees no reference, and is refused if it is of the family, unless said', () => {
    expect(recipe().evaluate.judge).toMatchObject({
      samples: 1,
      reference: false,
      same_family: 'refuse',
      max_tokens: 512,
    });
  });

  it('has an id that tells it from the others', () => {
    const panel = [judge.panel[0], judge.panel[0], { provider: 'togetherai' as const, model: 'Qwen/Qwen2.5-72B' }];
    const parsed = recipe((draft) => {
      draft.evaluate.judge = { ...judge, panel: panel.flatMap((one) => one ?? []) };
    });
    expect(judgesOf(parsed.evaluate.judge ?? { panel: [] }).map(({ id }) => id)).toEqual([
      'judge-1-mistral-large',
      'judge-2-mistral-large',
      'judge-3-qwen-qwen2.5-72b',
    ]);
  });
});

describe('a recipe is refused', () => {
  it.each<[string, (draft: z.input<typeof recipeSchema>) => void, string]>([
    [
      'without a judge for judge_preference',
      (draft) => void delete draft.evaluate.judge,
      'evaluate.judge: is needed, because judge_preference is among the scorers',
    ],
    [
      'with a judge that is asked for nothing',
      (draft) => {
        draft.evaluate.scorers = ['rouge_l'];
        draft.gate = { metric: 'rouge_l' };
      },
      'evaluate.judge: is asked for nothing: add judge_preference to the scorers, or leave it out',
    ],
    [
      'with a judge of the family of a baseline',
      (draft) =>
        void (draft.evaluate.judge = {
          ...judge,
          panel: [...judge.panel, { provider: 'azure', model: 'eu-prod', resource: 'ours' }],
        }),
      'evaluate.judge.panel.1.model: is of the openai family, as is the baseline gpt-5, and judges favour their own; choose another judge, or set judge.same_family: allow',
    ],
    [
      'with a judge of the family of the base that is tuned',
      (draft) => void (draft.model.base = 'mistralai/Mistral-7B-Instruct-v0.3'),
      'evaluate.judge.panel.0.model: is of the mistral family, as is the base mistralai/Mistral-7B-Instruct-v0.3, and judges favour their own; choose another judge, or set judge.same_family: allow',
    ],
    [
      'with a stand-in as a judge',
      (draft) => void (draft.evaluate.judge = { ...judge, panel: [{ provider: 'stand-in', model: 'tfidf-logreg' }] }),
      'evaluate.judge.panel.0.provider: a stand-in cannot judge',
    ],
    [
      'with a judge in batches',
      (draft) =>
        void (draft.evaluate.judge = {
          ...judge,
          panel: [{ provider: 'openai', model: 'o3', batch: true }],
          same_family: 'allow',
        }),
      'evaluate.judge.panel.0.batch: judges are asked one by one, not in batches',
    ],
    [
      'with a budget of a judge that cannot be kept',
      (draft) =>
        void (draft.evaluate.judge = { ...judge, panel: [{ provider: 'mistral', model: 'm', budget_usd: 1 }] }),
      'evaluate.judge.panel.0.budget_usd: needs `price`, or it cannot be kept',
    ],
  ])('%s', (_, change, problem) => {
    let problems: string[] = [];
    try {
      recipe(change);
    } catch (error) {
      const issues = error instanceof z.ZodError ? error.issues : [];
      problems = issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    }
    expect(problems).toEqual([problem]);
  });

  it('but not for a shared family that it allows', () => {
    const parsed = recipe((draft) => {
      draft.evaluate.judge = { ...judge, panel: [{ provider: 'openai', model: 'gpt-5' }], same_family: 'allow' };
    });
    expect(parsed.evaluate.judge?.same_family).toBe('allow');
  });
});
