import { describe, expect, it } from 'vitest';
import { readReply } from './reply.ts';

const reply = { winner: 'B', reason: 'it is right' };
const json = JSON.stringify(reply);

describe('a reply is read', () => {
  it.each([
    ['as bare JSON', json],
    ['with white space and line breaks', `\n ${JSON.stringify(reply, null, 2)}\r\n`],
    ['after a byte order mark', `\u{FEFF}${json}`],
    ['in a Markdown fence', `\`\`\`json\n${json}\n\`\`\``],
    ['in a fence without a language', `\`\`\`\n${json}\n\`\`\`\n`],
    ['in a longer fence, with carriage returns', `\`\`\`\`JSON\r\n${json}\r\n\`\`\`\``],
    ['in a fence of tildes', `~~~json\n${json}\n~~~`],
    ['after thinking aloud', `<think>A is fine, {"winner": "A"}</think>\n${json}`],
  ])('%s', (_, text) => {
    expect(readReply(text)).toEqual(reply);
  });

  it('with its reason cut to a length that can be stored a hundred thousand times', () => {
    expect(readReply(JSON.stringify({ ...reply, reason: 'x'.repeat(9000) }))?.reason).toHaveLength(500);
  });
});

describe('a reply is unreadable', () => {
  it.each([
    ['prose', 'Answer B is better.'],
    ['prose around JSON, which may be quoted', `I choose B: ${json}`],
    ['prose around a fence', `Here you are:\n\`\`\`json\n${json}\n\`\`\``],
    ['two fences', `\`\`\`\n${json}\n\`\`\`\n\`\`\`\n${json}\n\`\`\``],
    ['two objects', `${json}\n${json}`],
    ['JSON that is cut off', json.slice(0, -3)],
    ['another winner', '{"winner": "C", "reason": ""}'],
    ['a winner in lower case', '{"winner": "a", "reason": ""}'],
    ['no reason', '{"winner": "A"}'],
    ['more than was asked for', '{"winner": "A", "reason": "", "confidence": 1}'],
    ['a list', `[${json}]`],
    ['a string', '"A"'],
    ['nothing', ''],
    ['thinking that never ends', `<think>${json}`],
  ])('when it is %s', (_, text) => {
    expect(readReply(text)).toBeNull();
  });

  it('in a time that a hostile judge cannot stretch', () => {
    const started = performance.now();
    expect(readReply(`${'`'.repeat(50_000)}\n${'`'.repeat(50_000)}`)).toBeNull();
    expect(readReply('<think>'.repeat(50_000))).toBeNull();
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
