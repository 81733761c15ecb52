// Shapes of conversations, from the fields of a record to a row.
import { describe, expect, it } from 'vitest';
import { call, rowOf, user, weather } from './synthetic-mapping.ts';

/** A conversation of two rounds whose first calls a tool. */
const turns = (one: object): object[] => [
  user,
  { role: 'assistant', content: null, tool_calls: [one], weight: 0 },
  { role: 'tool', tool_call_id: 'c1', content: [{ type: 'text', text: 'rain' }] },
  { role: 'assistant', content: 'Rain.', weight: 1, name: 'x' },
  { role: 'user', content: 'Sure?' },
  { role: 'assistant', content: 'Yes.', weight: 1 },
];

/** A conversation with two calls of these ids, answered in the other order. */
const talk = (first: string, second: string): object[] => [
  user,
  {
    role: 'assistant',
    tool_calls: [
      { ...call, id: first },
      { ...call, id: second },
    ],
  },
  { role: 'tool', tool_call_id: second, content: 'two' },
  { role: 'tool', tool_call_id: first, content: 'one' },
  { role: 'assistant', content: 'Rain.' },
];

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
    const row = rowOf({ messages: turns(call), tools: [weather], parallel_tool_calls: false });
    expect(row).toEqual(rowOf({ messages: turns(again), tools: [weather] }));
    expect(row).toEqual({
      input:
        'User: Weather in Oslo?\n\nAssistant: [{"arguments":{"city":"Oslo"},"name":"weather"}]\n\n' +
        'User: Tool result (weather): rain\n\nAssistant: Rain.\n\nUser: Sure?',
      output: 'Yes.',
      messages: [
        user,
        { role: 'assistant', content: '', calls: [{ id: 'call_1', name: 'weather', arguments: { city: 'Oslo' } }] },
        { role: 'tool', content: 'rain', call_id: 'call_1' },
        { role: 'assistant', content: 'Rain.', weight: 1 },
        { role: 'user', content: 'Sure?' },
      ],
      tools: [{ name: 'weather', description: 'Now.', parameters: { type: 'object' } }],
    });
  });

  it('of one content are one row, whatever their calls are called', () => {
    expect(rowOf({ messages: talk('x8', 'a3') })).toEqual(rowOf({ messages: talk('p', 'q') }));
    expect(rowOf({ messages: talk('x8', 'a3') })).toMatchObject({
      messages: [user, { calls: [{ id: 'call_1' }, { id: 'call_2' }] }, { call_id: 'call_2' }, { call_id: 'call_1' }],
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
