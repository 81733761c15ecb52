// Preference pairs and gateway logs, from the fields of a record to a row.
import { describe, expect, it } from 'vitest';
import { rowOf, user, weather } from './synthetic-mapping.ts';

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
