import { describe, expect, it } from 'vitest';
import type { DatasetRow, Turn } from '../domain/dataset.ts';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import { trainingRows } from './training-rows.ts';

const row: DatasetRow = { id: 'r1', input: 'sky', output: 'blue', origin: { file: 'rows.csv', line: 2 } };
const preferences = syntheticRecipe((draft) => {
  draft.dataset.sources = [{ path: 'rows.csv', map: { input: 'text', output: 'label', rejected: 'worse' } }];
  draft.train = { method: 'dpo' };
});

describe('rows for the trainer', () => {
  it('are conversations that end with the answer, without what the trainer does not need', () => {
    expect(trainingRows(syntheticRecipe(), [{ ...row, group: 'g', rejected: 'green' }])).toEqual([
      {
        id: 'r1',
        messages: [
          { role: 'user', content: 'sky' },
          { role: 'assistant', content: 'blue' },
        ],
      },
    ]);
  });

  it('carry the weights of a conversation’s turns, and none where it has none', () => {
    const messages: Turn[] = [
      { role: 'user', content: 'sky' },
      { role: 'assistant', content: 'blue', weight: 1 },
      { role: 'user', content: 'sure' },
    ];
    const [weighted] = trainingRows(syntheticRecipe(), [{ ...row, messages }]);
    expect(weighted?.messages).toEqual([...messages, { role: 'assistant', content: 'blue' }]);
    const idle = messages.map(({ role, content }) => ({ role, content }));
    expect(JSON.stringify(trainingRows(syntheticRecipe(), [{ ...row, messages: idle }]))).not.toContain('weight');
  });

  it('have their rejected answer for preference training', () => {
    expect(trainingRows(preferences, [{ ...row, rejected: 'green' }])[0]).toMatchObject({ rejected: 'green' });
  });

  it('without a rejected answer are refused for preference training, by id and without their text', () => {
    expect(() => trainingRows(preferences, [row])).toThrow('row r1 has no rejected answer');
  });
});
