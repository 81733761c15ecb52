// What is a usable row.
import { describe, expect, it } from 'vitest';
import { validateRow } from './validate-row.ts';

const limits = { maxInputChars: 10, groupNeeded: true };
const row = { input: 'text', output: 'label', group: 'g' };

describe('validateRow', () => {
  it('trims, composes accents and writes line breaks as LF', () => {
    expect(validateRow({ input: ' cafe\u0301\r\nx\ry\t', output: '\u00A0a ', group: ' g ' }, limits)).toEqual({
      input: 'caf\u00E9\nx\ny',
      output: 'a',
      group: 'g',
    });
  });

  it.each([
    [{ input: ' \n' }, 'empty_input', undefined],
    [{ output: '\u00A0' }, 'empty_output', undefined],
    [{ group: '' }, 'empty_group', undefined],
    [{ group: undefined }, 'empty_group', undefined],
    [{ rejected: ' ' }, 'empty_rejected', undefined],
    [{ rejected: ' label\n' }, 'rejected_equals_output', undefined],
    [{ rejected: 'a\u0007' }, 'invalid_text', 'rejected holds the control character U+0007'],
    [{ input: 'x'.repeat(11) }, 'input_too_long', '11 characters, 10 allowed'],
    [{ input: 'a\0b' }, 'invalid_text', 'input holds the control character U+0000'],
    [{ output: 'a\u0085b' }, 'invalid_text', 'output holds the control character U+0085'],
    [{ output: 'a\uD800b' }, 'invalid_text', 'output holds a lone surrogate'],
    [{ group: 'a\u001Bb' }, 'invalid_text', 'group holds the control character U+001B'],
  ])('of %j says %s', (change, rule, detail) => {
    expect(validateRow({ ...row, ...change }, limits)).toEqual(detail === undefined ? { rule } : { rule, detail });
  });

  it('keeps a rejected answer, normalised like the others', () => {
    expect(validateRow({ ...row, rejected: ' worse\r\n' }, limits)).toEqual({ ...row, rejected: 'worse' });
  });

  it('counts characters, not UTF-16 code units', () => {
    expect(validateRow({ ...row, input: '😀'.repeat(10) }, limits)).toHaveProperty('input');
    expect(validateRow({ ...row, input: '😀'.repeat(11) }, limits)).toHaveProperty('rule', 'input_too_long');
  });

  it('takes an empty group for none where the split needs none', () => {
    expect(validateRow({ ...row, group: ' ' }, { ...limits, groupNeeded: false })).toEqual({
      ...row,
      group: undefined,
    });
  });
});

describe('validateRow of a conversation', () => {
  const turns = [
    { role: 'system' as const, content: ' s\r\n' },
    { role: 'user' as const, content: ' cafe\u0301 ' },
  ];
  const talk = { ...row, input: 'of no account', messages: turns };

  it('normalises every turn, and makes the input of them', () => {
    expect(validateRow(talk, limits)).toMatchObject({
      input: 'caf\u00E9',
      messages: [
        { role: 'system', content: 's' },
        { role: 'user', content: 'caf\u00E9' },
      ],
    });
  });

  it('names the turn that holds no text', () => {
    const [system, user] = turns;
    expect(validateRow({ ...talk, messages: [{ role: 'system', content: 'a\0' }, ...turns.slice(1)] }, limits)).toEqual(
      {
        rule: 'invalid_text',
        detail: 'turn 1 (system) holds the control character U+0000',
      },
    );
    const call = { name: 'f', arguments: { x: '\uD800' } };
    const messages = [user ?? turns[0], { role: 'assistant' as const, content: '', calls: [call] }].filter(
      (turn) => turn !== undefined,
    );
    expect(validateRow({ ...talk, messages }, limits)).toEqual({
      rule: 'invalid_text',
      detail: 'a call of turn 2 (assistant) holds a lone surrogate',
    });
    expect(system?.content).toBe(' s\r\n');
  });

  it('does not take the spelling of an escape for a surrogate', () => {
    const call = { name: 'f', arguments: { x: String.raw`\ud800`, y: '\u{1F600}' } };
    const messages = [
      { role: 'user' as const, content: 'q' },
      { role: 'assistant' as const, content: '', calls: [call] },
      { role: 'tool' as const, content: 'r' },
    ];
    expect(validateRow({ ...talk, messages }, { ...limits, maxInputChars: 1000 })).toHaveProperty('messages');
  });
});

describe('validateRow with further limits', () => {
  it('composes compatibility forms on request', () => {
    expect(validateRow({ ...row, input: '\uFB01x' }, limits)).toMatchObject({ input: '\uFB01x' });
    expect(validateRow({ ...row, input: '\uFB01x' }, { ...limits, unicode: 'nfkc' })).toMatchObject({ input: 'fix' });
  });

  it('drops outputs that are not among the labels', () => {
    expect(validateRow(row, { ...limits, labels: new Set(['other']) })).toEqual({ rule: 'unknown_label' });
    expect(validateRow({ ...row, output: ' label ' }, { ...limits, labels: new Set(['label']) })).toMatchObject(row);
  });

  it('wants a time where the split does, and no answer where a teacher gives it', () => {
    expect(validateRow(row, { ...limits, timeNeeded: true })).toHaveProperty('rule', 'invalid_time');
    expect(validateRow({ ...row, time: '2026-01-01T00:00:00.000Z' }, { ...limits, timeNeeded: true })).toHaveProperty(
      'time',
    );
    expect(validateRow(row, { ...limits, rejectedNeeded: true })).toHaveProperty('rule', 'empty_rejected');
    expect(validateRow({ ...row, output: '' }, { ...limits, answerNeeded: false })).toMatchObject({ output: '' });
  });
});
