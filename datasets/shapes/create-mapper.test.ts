// Every shape, from the fields of a record to a row.
import { describe, expect, it } from 'vitest';
import { createMapper, shapeOf } from './create-mapper.ts';

type Record_ = Readonly<Record<string, unknown>>;

/** The row of a record that is its source's first, without its undefined members. */
function rowOf(fields: Record_, source: Partial<Parameters<typeof createMapper>[0]> = {}): unknown {
  return JSON.parse(JSON.stringify(createMapper({ map: {}, ...source }, fields)(fields)));
}

const user = { role: 'user', content: 'Weather in Oslo?' };
const call = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } };
const weather = {
  type: 'function',
  function: { name: 'weather', description: 'Now.', parameters: { type: 'object' } },
};

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

describe('messages', () => {
  it('of one user turn make a plain row', () => {
    expect(rowOf({ messages: [user, { role: 'assistant', content: 'Rain.' }] })).toEqual({
      input: user.content,
      output: 'Rain.',
    });
  });

  it('with a system turn keep it, and the input is the user turn alone', () => {
    const messages = [{ role: 'developer', content: 'Be brief.' }, user, { role: 'assistant', content: 'Rain.' }];
    expect(rowOf({ messages })).toEqual({
      input: user.content,
      output: 'Rain.',
      messages: [{ role: 'system', content: 'Be brief.' }, user],
    });
  });

  it('keep calls, results, weights and tools; arguments may be text or an object', () => {
    const again = { ...call, function: { name: 'weather', arguments: { city: 'Oslo' } } };
    const turns = (one: object): object[] => [
      user,
      { role: 'assistant', content: null, tool_calls: [one], weight: 0 },
      { role: 'tool', tool_call_id: 'c1', content: [{ type: 'text', text: 'rain' }] },
      { role: 'assistant', content: 'Rain.', weight: 1, name: 'x' },
      { role: 'user', content: 'Sure?' },
      { role: 'assistant', content: 'Yes.', weight: 1 },
    ];
    const row = rowOf({ messages: turns(call), tools: [weather], parallel_tool_calls: false });
    expect(row).toEqual(rowOf({ messages: turns(again), tools: [weather] }));
    expect(row).toEqual({
      input:
        'User: Weather in Oslo?\n\nAssistant: [{"arguments":{"city":"Oslo"},"name":"weather"}]\n\n' +
        'User: Tool result (weather): rain\n\nAssistant: Rain.\n\nUser: Sure?',
      output: 'Yes.',
      messages: [
        user,
        { role: 'assistant', content: '', calls: [{ id: 'c1', name: 'weather', arguments: { city: 'Oslo' } }] },
        { role: 'tool', content: 'rain', call_id: 'c1' },
        { role: 'assistant', content: 'Rain.', weight: 1 },
        { role: 'user', content: 'Sure?' },
      ],
      tools: [{ name: 'weather', description: 'Now.', parameters: { type: 'object' } }],
    });
  });

  it('whose answer calls tools have the calls as output', () => {
    const messages = [user, { role: 'assistant', tool_calls: [call, { ...call, id: 'c2' }] }];
    const output = '[{"arguments":{"city":"Oslo"},"name":"weather"},{"arguments":{"city":"Oslo"},"name":"weather"}]';
    expect(rowOf({ messages, tools: [weather] })).toMatchObject({ input: user.content, output });
  });

  it('whose answer calls a function that is not among the tools are dropped', () => {
    const messages = [user, { role: 'assistant', tool_calls: [call] }];
    expect(rowOf({ messages, tools: [{ ...weather, function: { name: 'other' } }] })).toMatchObject({
      detail: 'the answer calls a function that is not among the tools',
    });
  });

  it('in the older form have function_call, functions and role function', () => {
    const messages = [
      user,
      { role: 'assistant', content: null, function_call: { name: 'weather', arguments: '' } },
      { role: 'function', name: 'weather', content: 'rain' },
      { role: 'assistant', content: 'Rain.' },
    ];
    expect(rowOf({ messages, functions: [{ name: 'weather' }] })).toMatchObject({
      output: 'Rain.',
      messages: [user, { calls: [{ name: 'weather', arguments: {} }] }, { role: 'tool', content: 'rain' }],
      tools: [{ name: 'weather', parameters: {} }],
    });
  });

  it('may be JSON text in a table', () => {
    const messages = JSON.stringify([user, { role: 'assistant', content: 'Rain.' }]);
    expect(rowOf({ messages, tools: '' })).toEqual({ input: user.content, output: 'Rain.' });
  });

  it.each([
    [[{ role: 'owner', content: 'x' }], 'messages[0] has the unknown role owner'],
    [[{ role: 'the secret text of a row', content: 'x' }], 'messages[0] has no known role'],
    [[{ role: 'user', content: [{ type: 'image_url' }] }], 'messages[0] has content that is not text'],
    [[user, null], 'messages[1] is no object'],
    [[user, { ...user, weight: 1 }], 'messages[1] has a weight that belongs to turns of the assistant only'],
    [
      [user, { role: 'assistant', content: 'x', weight: -1 }],
      'messages[1] has a weight that is no number of at least 0',
    ],
    [
      [user, { role: 'assistant', content: 'x', weight: 0 }],
      'turn 2, the answer, has the weight 0, and only 1 can be learnt',
    ],
    [[user, { role: 'assistant', content: ' ' }], 'turn 2, the answer, is empty'],
    [
      [user, { role: 'assistant', content: 'x', tool_calls: [call] }],
      'turn 2, the answer, has text beside its tool calls',
    ],
    [[user], 'turn 1 (user) is the last, and no answer'],
    [[], 'has no user turn'],
    [[user, { ...user, tool_calls: [call] }], "messages[1] calls tools and is not the assistant's"],
    [
      [user, { role: 'assistant', tool_calls: [{ id: 'c', function: { name: 'f', arguments: '[1]' } }] }],
      'messages[1].tool_calls[0] has arguments that are no JSON object',
    ],
    [
      [user, { role: 'assistant', tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{"a":' } }] }],
      'messages[1].tool_calls[0] has arguments that are no JSON object',
    ],
  ])('%j are dropped: %s', (messages, detail) => {
    expect(rowOf({ messages })).toEqual({ rule: 'bad_conversation', detail });
  });
});

describe('prompt_completion', () => {
  it('takes texts, and lists of messages', () => {
    expect(rowOf({ prompt: 'q', completion: ' a' })).toEqual({ input: 'q', output: ' a' });
    expect(rowOf({ prompt: 'q', response: 7 })).toEqual({ input: 'q', output: '7' });
    expect(rowOf({ prompt: [user], completion: [{ role: 'assistant', content: 'Rain.' }] })).toEqual({
      input: user.content,
      output: 'Rain.',
    });
  });

  it('takes a prompt that is JSON text for text', () => {
    expect(rowOf({ prompt: '[{"role":"user"}]', completion: 'a' })).toMatchObject({ input: '[{"role":"user"}]' });
  });
});

describe('sharegpt', () => {
  it('knows its speakers, a system text beside the turns, calls and observations', () => {
    const conversations = [
      { from: 'human', value: user.content },
      { from: 'function_call', value: '{"name": "weather", "arguments": {"city": "Oslo"}}' },
      { from: 'observation', value: 'rain' },
      { from: 'gpt', value: 'Rain.' },
    ];
    expect(rowOf({ conversations, system: 'Be brief.', tools: JSON.stringify([weather.function]) })).toMatchObject({
      output: 'Rain.',
      messages: [
        { role: 'system', content: 'Be brief.' },
        user,
        { role: 'assistant', content: '', calls: [{ name: 'weather', arguments: { city: 'Oslo' } }] },
        { role: 'tool', content: 'rain' },
      ],
      tools: [{ name: 'weather' }],
    });
  });

  it('drops a conversation that the assistant begins', () => {
    const conversations = [
      { from: 'gpt', value: 'Hello' },
      { from: 'human', value: 'q' },
      { from: 'gpt', value: 'a' },
    ];
    expect(rowOf({ conversations })).toMatchObject({ detail: 'turn 1 (assistant) comes before any user turn' });
  });
});

describe('alpaca', () => {
  it('joins instruction and input, and has a system turn and a history', () => {
    expect(rowOf({ instruction: 'Translate.', input: 'Hund', output: 'dog' })).toEqual({
      input: 'Translate.\n\nHund',
      output: 'dog',
    });
    expect(
      rowOf({ instruction: 'And cat?', input: '', output: 'Katze', system: 'German.', history: [['Dog?', 'Hund']] }),
    ).toEqual({
      input: 'User: Dog?\n\nAssistant: Hund\n\nUser: And cat?',
      output: 'Katze',
      messages: [
        { role: 'system', content: 'German.' },
        { role: 'user', content: 'Dog?' },
        { role: 'assistant', content: 'Hund' },
        { role: 'user', content: 'And cat?' },
      ],
    });
  });
});

describe('preference', () => {
  const [good, bad] = [
    { role: 'assistant', content: 'Rain.' },
    { role: 'assistant', content: 'No idea.' },
  ];
  const row = { input: user.content, output: 'Rain.', rejected: 'No idea.' };

  it.each([
    { prompt: user.content, chosen: 'Rain.', rejected: 'No idea.' },
    { prompt: user.content, chosen: [good], rejected: [bad] },
    { prompt: [user], chosen: [good], rejected: [bad] },
    { chosen: [user, good], rejected: [user, bad] },
    { prompt: 'anything', chosen: [user, good], rejected: [user, bad] },
    { input: { messages: [user], tools: [] }, preferred_output: [good], non_preferred_output: [bad] },
  ])('of %j has a better and a worse answer', (fields) => {
    expect(rowOf(fields)).toEqual(row);
  });

  it.each([
    [{ chosen: 'x', rejected: 'y' }, 'there is no prompt, and chosen and rejected are texts'],
    [
      { chosen: [user, good], rejected: [{ ...user, content: 'z' }, bad] },
      'chosen and rejected differ before their last turns',
    ],
    [{ chosen: [good], rejected: [bad] }, 'there is no prompt, and chosen holds an answer alone'],
    [
      { prompt: 'q', chosen: [good], rejected: [user] },
      'of the worse answer: turn 2 (user) is the last, and no answer',
    ],
  ])('of %j is dropped: %s', (fields, detail) => {
    expect(rowOf(fields)).toEqual({ rule: 'bad_conversation', detail });
  });
});

describe('gateway_log', () => {
  const choices = [{ message: { role: 'assistant', content: 'Rain.' }, finish_reason: 'stop' }];
  const row = { input: user.content, output: 'Rain.', tags: { model: 'm-1' } };

  it.each([
    { messages: [user], response: { choices }, model: 'm-1', status: 'success' },
    { messages: user.content, response: 'Rain.', model: 'm-1', status: 'success' },
    { request: { body: { messages: [user], model: 'm-1' } }, response: { status_code: 200, body: { choices } } },
    { request: { messages: [user] }, response: { choices, model: 'm-1' } },
    { request: JSON.stringify({ messages: [user], model: 'm-1' }), response: JSON.stringify({ choices }) },
    {
      custom_id: 'a',
      body: { messages: [user], model: 'm-1' },
      response: { status_code: 200, body: { choices } },
      error: null,
    },
  ])('of %j is a row with the model as a tag', (fields) => {
    expect(rowOf(fields)).toEqual(row);
  });

  it('takes tools of the parameters, and lets a mapped tag `model` win', () => {
    const fields = {
      messages: [user],
      response: { choices },
      model: 'm-1',
      model_parameters: { tools: [weather] },
      m: 'x',
    };
    expect(rowOf(fields, { map: { tags: { model: 'm' } } })).toMatchObject({
      tools: [{ name: 'weather' }],
      tags: { model: 'x' },
    });
  });

  it.each([
    [
      { messages: [user], response: {}, status: 'failure' },
      'failed_request',
      'the request has another status than success',
    ],
    [{ request: {}, response: { status_code: 429, body: {} } }, 'failed_request', 'the answer has the status 429'],
    [{ request: {}, response: { error: { message: 'secret' } } }, 'failed_request', 'the answer is an error'],
    [
      { messages: [user], response: { choices: [{ message: { content: 'Ra' }, finish_reason: 'length' }] } },
      'failed_request',
      'the answer is not whole (finish_reason length)',
    ],
    [{ messages: [user], response: {} }, 'bad_conversation', 'the response has no choices with a message'],
    [{ request: {}, response: { choices } }, 'bad_conversation', 'the request has no messages'],
  ])('of %j is dropped by %s: %s', (fields, rule, detail) => {
    expect(rowOf(fields)).toEqual({ rule, detail });
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
