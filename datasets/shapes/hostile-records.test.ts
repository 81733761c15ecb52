// Records that are meant to do harm: bounded, and prototypes stay as they are.
import { describe, expect, it } from 'vitest';
import { createMapper } from './create-mapper.ts';

function rowOf(json: string, map = {}): unknown {
  const fields: Record<string, unknown> = Object.assign(Object.create(null), JSON.parse(json));
  return createMapper({ map }, fields)(fields);
}

function conversation(args: string): string {
  return `{"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":${args}}}]}]}`;
}

describe('hostile records', () => {
  it.each([
    ['10,000 deep arguments', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 'is nested more than 64 deep'],
    [
      '10,000 deep arguments as text',
      JSON.stringify(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`),
      'is nested more than 64 deep',
    ],
    ['a million values', `{"a":[${'1,'.repeat(1_000_000)}1]}`, 'holds more than 10000 values'],
    ['a __proto__ member', '{"x":{"__proto__":{"polluted":true}}}', 'has a member called __proto__'],
    ['a number that is not finite', '{"x":1e999}', 'holds a number that is not finite'],
  ])('with %s are dropped', (_, args, detail) => {
    expect(rowOf(conversation(args))).toMatchObject({
      rule: 'bad_conversation',
      detail: `an argument of messages[1].tool_calls[0] ${detail}`,
    });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('with a message whose own __proto__ claims a role have none', () => {
    expect(rowOf('{"messages":[{"__proto__":{"role":"user"},"content":"q"}]}')).toMatchObject({
      detail: 'messages[0] has no known role',
    });
  });

  it('with 100,000 turns are dropped in no time', () => {
    const turn = '{"role":"user","content":"q"}';
    expect(rowOf(`{"messages":[${`${turn},`.repeat(100_000)}${turn}]}`)).toMatchObject({
      detail: 'messages has more than 2000 turns',
    });
  });

  it('with a column called __proto__ or constructor are read like others', () => {
    const json = '{"__proto__":"p","constructor":"c","prompt":"q","completion":"a"}';
    expect(rowOf(json, { tags: { __proto__x: '__proto__', c: 'constructor' } })).toMatchObject({
      input: 'q',
      tags: { __proto__x: 'p', c: 'c' },
    });
  });

  it('with an answer 10,000 deep are dropped before anything walks it', () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    expect(rowOf(`{"text":"x","label":${deep}}`, { input: 'text', output: 'label' })).toEqual({
      rule: 'malformed_record',
      detail: 'the value of "label" is nested more than 64 deep',
    });
  });
});
