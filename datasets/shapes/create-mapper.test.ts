// Which shape a source has, and the columns that the recipe names.
import { describe, expect, it } from 'vitest';
import { createMapper, shapeOf } from './create-mapper.ts';
import { rowOf, user } from './synthetic-mapping.ts';

describe('the shape of a source', () => {
  it.each([
    [{ messages: [] }, 'messages'],
    [{ conversations: [] }, 'sharegpt'],
    [{ instruction: '', output: '' }, 'alpaca'],
    [{ prompt: '', completion: '' }, 'prompt_completion'],
    [{ prompt: '', response: '' }, 'prompt_completion'],
    [{ prompt: '', chosen: '', rejected: '', messages: [] }, 'preference'],
    [{ input: {}, preferred_output: [], non_preferred_output: [] }, 'preference'],
    [{ messages: [], response: '' }, 'gateway_log'],
    [{ request: {}, response: {} }, 'gateway_log'],
    [{ custom_id: '', body: {}, response: {} }, 'gateway_log'],
  ])('of %j is %s', (first, shape) => {
    expect(shapeOf({ map: {} }, first)).toBe(shape);
  });

  it('is columns where the input is mapped, whatever the keys are', () => {
    expect(shapeOf({ map: { input: 'messages', output: 'x' } }, { messages: '', x: '' })).toBe('columns');
  });

  it('that cannot be told is bad input that names keys and shapes', () => {
    expect(() => createMapper({ map: {} }, { text: 'secret', label: 'x' }, 'rows.csv:2')).toThrow(
      expect.objectContaining({
        message: 'the shape of the rows cannot be told from the keys "text", "label"',
        where: 'rows.csv:2',
        hint: expect.stringMatching(/map: \{input.*messages.*conversations.*instruction \+ output/u),
      }),
    );
  });

  it('that the recipe states must fit the first record', () => {
    expect(() => createMapper({ shape: 'sharegpt', map: {} }, { conversation: [] })).toThrow(
      'is not of the shape sharegpt',
    );
  });

  it('needs the question alone where a teacher answers', () => {
    expect(rowOf({ prompt: 'q' }, { distill: {} })).toEqual({ input: 'q', output: '' });
    expect(rowOf({ messages: [user, { role: 'assistant', content: 'Rain.' }] }, { distill: {} })).toEqual({
      input: user.content,
      output: '',
    });
  });
});

describe('columns', () => {
  const source = { map: { input: 'text', output: 'label' } };

  it('take numbers, booleans and null as text', () => {
    expect(rowOf({ text: 1.5, label: 3 }, source)).toEqual({ input: '1.5', output: '3' });
    expect(rowOf({ text: true, label: null }, source)).toEqual({ input: 'true', output: '' });
    expect(rowOf({ text: Number.NaN, label: 10n ** 20n }, source)).toEqual({ input: '', output: `1${'0'.repeat(20)}` });
  });

  it('take an answer that is an object or an array as canonical JSON, and no such input', () => {
    expect(rowOf({ text: 'x', label: { b: 1, a: ['é'] } }, source)).toMatchObject({ output: '{"a":["é"],"b":1}' });
    expect(rowOf({ text: ['x'], label: 'y' }, source)).toEqual({
      rule: 'malformed_record',
      detail: 'the value of "text" is an array',
    });
  });

  it('that are missing are told, with the nearest name in the first record', () => {
    expect(() => createMapper(source, { txt: '', label: '' }, 'a.csv:2')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('Did you mean "txt"?'), where: 'a.csv:2' }),
    );
    expect(createMapper(source, { text: '', label: '' })({ text: 'x' })).toEqual({
      rule: 'malformed_record',
      detail: 'has no key "label"',
    });
  });
});

describe('columns beside a shape', () => {
  const fields = {
    prompt: 'q',
    completion: 'a',
    who: 7,
    when: 1_700_000_000,
    metadata: { source: 'web', deep: { x: 1 } },
  };

  it('are group, time and tags, also inside nested objects', () => {
    const map = { group: 'who', time: 'when', tags: { source: 'metadata.source', x: 'metadata.deep.x' } };
    expect(rowOf(fields, { map })).toEqual({
      input: 'q',
      output: 'a',
      group: '7',
      time: '2023-11-14T22:13:20.000Z',
      tags: { source: 'web', x: '1' },
    });
  });

  it('prefer a column whose name has the dot', () => {
    expect(rowOf({ ...fields, 'metadata.source': 'own' }, { map: { tags: { s: 'metadata.source' } } })).toMatchObject({
      tags: { s: 'own' },
    });
  });

  it('that are missing inside an object are told with the nearest', () => {
    expect(() => createMapper({ map: { tags: { s: 'metadata.sorce' } } }, fields)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('Did you mean "metadata.source"?') }),
    );
  });

  it('that hold no time drop the row', () => {
    const mapper = createMapper({ map: { time: 'when' } }, fields);
    expect(mapper({ ...fields, when: 'yesterday' })).toMatchObject({ rule: 'invalid_time' });
    expect(mapper({ ...fields, when: null })).toMatchObject({ time: undefined, input: 'q' });
  });
});
