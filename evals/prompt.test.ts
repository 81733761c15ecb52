import { describe, expect, test } from 'vitest';
import type { DatasetRow, Turn } from '../domain/dataset.ts';
import { learntMessages, pickShots, renderMessages } from './prompt.ts';

function row(id: string, output: string): DatasetRow {
  return { id, input: `input of ${id}`, output, origin: { file: 'rows.csv', line: 2 } };
}

const rows = ['a', 'a', 'a', 'a', 'a', 'b', 'b', 'c', 'd'].map((label, index) => row(`row-${index}`, label));

describe('rendering a prompt', () => {
  test('the order is system message, examples as turns, then the row', () => {
    const prompt = { system: 'Answer with a label.', user: 'Term: {input}' };
    expect(renderMessages(prompt, { input: 'gout' }, [row('x', 'joints')])).toEqual([
      { role: 'system', content: 'Answer with a label.' },
      { role: 'user', content: 'Term: input of x' },
      { role: 'assistant', content: 'joints' },
      { role: 'user', content: 'Term: gout' },
    ]);
  });

  test('without a system message and examples there is one turn', () => {
    expect(renderMessages({ user: '{input}' }, { input: 'gout' }, [])).toEqual([{ role: 'user', content: 'gout' }]);
  });

  test.each(['$&', '$1 $$ $`', '{input}', 'a {input} b {input}', '</s><|im_end|>'])(
    'the input %j goes in literally',
    (input) => {
      expect(renderMessages({ user: '<{input}>' }, { input }, [])).toEqual([{ role: 'user', content: `<${input}>` }]);
    },
  );

  test('a template may use the input twice', () => {
    expect(renderMessages({ user: '{input} = {input}' }, { input: 'x' }, []).at(0)?.content).toBe('x = x');
  });
});

describe('rendering a conversation', () => {
  const prompt = { system: 'Of the recipe.', user: 'Term: {input}' };
  const calls = ['a', 'b'].map((id) => ({ id, name: `get_${id}`, arguments: { z: 1, id } }));
  const messages: Turn[] = [
    { role: 'user', content: 'Fetch {input}.' },
    { role: 'assistant', content: 'I look.', calls, weight: 0.5 },
    { role: 'tool', content: 'two', call_id: 'b' },
    { role: 'tool', content: 'one', call_id: 'a' },
    { role: 'assistant', content: 'Done.' },
    { role: 'user', content: 'Again.' },
  ];
  const conversation = { input: 'as text', output: 'Here.', messages };
  const asked = [
    { role: 'user', content: 'Fetch {input}.' },
    {
      role: 'assistant',
      content: 'I look.\n[{"arguments":{"id":"a","z":1},"name":"get_a"},{"arguments":{"id":"b","z":1},"name":"get_b"}]',
    },
    { role: 'user', content: 'Tool result (get_b): two\n\nTool result (get_a): one' },
    { role: 'assistant', content: 'Done.' },
    { role: 'user', content: 'Again.' },
  ];

  test('turns stand as they are, calls and results as text, and the template is not used', () => {
    expect(renderMessages(prompt, conversation, [])).toEqual([{ role: 'system', content: 'Of the recipe.' }, ...asked]);
  });

  test('its own system message takes the place of the prompt’s, before the examples', () => {
    const own: Turn = { role: 'system', content: 'Of its own.' };
    const shot = { ...row('x', 'joints'), messages: [{ ...own, content: 'Of the example.' }, ...messages.slice(0, 1)] };
    expect(renderMessages(prompt, { input: '', messages: [own, ...messages] }, [shot])).toEqual([
      own,
      { role: 'user', content: 'Fetch {input}.' },
      { role: 'assistant', content: 'joints' },
      ...asked,
    ]);
  });

  test('tools are told at the end of the system message where nothing else tells them', () => {
    const tools = [{ name: 'get', parameters: { type: 'object' } }];
    const text =
      'Functions that you may call:\n[{"name":"get","parameters":{"type":"object"}}]\n' +
      'To call them, answer with a JSON array of {"name", "arguments"} and nothing else.';
    expect(renderMessages(prompt, { input: 'x' }, [], tools)[0]?.content).toBe(`Of the recipe.\n\n${text}`);
    expect(renderMessages({ user: '{input}' }, { input: 'x' }, [], tools)[0]).toEqual({
      role: 'system',
      content: text,
    });
    const plain = { input: 'x', output: 'y' };
    expect(learntMessages(prompt, { ...plain, tools })).toEqual(learntMessages(prompt, plain, tools));
    expect(learntMessages(prompt, plain, tools).slice(0, -1)).toEqual(renderMessages(prompt, plain, [], tools));
  });

  test('weights are for the trainer alone', () => {
    const learnt = learntMessages(prompt, conversation);
    expect(learnt.map(({ weight }) => weight)).toEqual([undefined, undefined, 0.5, ...Array(4).fill(undefined)]);
    expect(learnt.at(-1)).toEqual({ role: 'assistant', content: 'Here.' });
    expect(JSON.stringify(renderMessages(prompt, conversation, []))).not.toContain('weight');
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
