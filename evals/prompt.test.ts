import { describe, expect, test } from 'vitest';
import type { DatasetRow } from '../domain/dataset.ts';
import { pickShots, renderMessages } from './prompt.ts';

function row(id: string, output: string): DatasetRow {
  return { id, input: `input of ${id}`, output, origin: { file: 'rows.csv', line: 2 } };
}

const rows = ['a', 'a', 'a', 'a', 'a', 'b', 'b', 'c', 'd'].map((label, index) => row(`row-${index}`, label));

describe('rendering a prompt', () => {
  test('the order is system message, examples as turns, then the row', () => {
    const prompt = { system: 'Answer with a label.', user: 'Term: {input}' };
    expect(renderMessages(prompt, 'gout', [row('x', 'joints')])).toEqual([
      { role: 'system', content: 'Answer with a label.' },
      { role: 'user', content: 'Term: input of x' },
      { role: 'assistant', content: 'joints' },
      { role: 'user', content: 'Term: gout' },
    ]);
  });

  test('without a system message and examples there is one turn', () => {
    expect(renderMessages({ user: '{input}' }, 'gout', [])).toEqual([{ role: 'user', content: 'gout' }]);
  });

  test.each(['$&', '$1 $$ $`', '{input}', 'a {input} b {input}', '</s><|im_end|>'])(
    'the input %j goes in literally',
    (input) => {
      expect(renderMessages({ user: '<{input}>' }, input, [])).toEqual([{ role: 'user', content: `<${input}>` }]);
    },
  );

  test('a template may use the input twice', () => {
    expect(renderMessages({ user: '{input} = {input}' }, 'x', []).at(0)?.content).toBe('x = x');
  });
});

describe('picking examples', () => {
  test('the choice depends on the seed and not on the order of the rows', () => {
    const picked = pickShots(rows, 4, 7);
    expect(pickShots(rows.toReversed(), 4, 7)).toEqual(picked);
    const others = [8, 9, 10, 11, 12].map((seed) => pickShots(rows, 4, seed));
    expect(others.some((other) => JSON.stringify(other) !== JSON.stringify(picked))).toBe(true);
  });

  test('every label comes once before any comes twice', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      expect(new Set(pickShots(rows, 4, seed).map(({ output }) => output)).size).toBe(4);
      expect(
        new Set(
          pickShots(rows, 6, seed)
            .slice(0, 4)
            .map(({ output }) => output),
        ).size,
      ).toBe(4);
    }
  });

  test('no row comes twice, and all rows can be had', () => {
    expect(new Set(pickShots(rows, 9, 1).map(({ id }) => id)).size).toBe(9);
    expect(pickShots(rows, 0, 1)).toEqual([]);
  });

  test('asking for more examples than there are rows is bad input', () => {
    expect(() => pickShots(rows, 10, 1)).toThrow('there are 9 training rows');
  });
});
