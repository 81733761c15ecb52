// JSONL as people really have it, and JSONL that is broken.
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../domain/bad-input.ts';
import { readRecords } from '../read-source.ts';
import type { SourceRecord } from '../source-record.ts';
import { collect, piecesOf } from './synthetic-pieces.ts';

async function read(
  content: string | Uint8Array,
  pieceBytes = 7,
  columns = ['text', 'label'],
): Promise<SourceRecord[]> {
  return collect(readRecords({ path: 'data.jsonl', open: () => piecesOf(content, pieceBytes) }, { columns }));
}

describe('JSON Lines are read with', () => {
  it.each([1, 7, 1000])('lines cut into pieces of %i bytes, blank lines and CRLF among them', async (pieceBytes) => {
    const content =
      '\u{FEFF}{"text":"ü\\n","label":"a","more":{}}\r\n\r\n{"label":true,"text":1.5}\n{"text":null,"label":"c"}';
    expect(await read(content, pieceBytes)).toEqual([
      { line: 1, values: ['ü\n', 'a'] },
      { line: 3, values: ['1.5', 'true'] },
      { line: 4, values: ['', 'c'] },
    ]);
  });

  it('lists a row without a key, or with a value that is no text, with its problem', async () => {
    const content =
      '{"text":"a","label":"b"}\n{"text":"a"}\n{"text":["a"],"label":"b"}\n{"text":"a","label":{"x":1}}\n';
    expect(await read(content)).toEqual([
      { line: 1, values: ['a', 'b'] },
      { line: 2, problem: 'has no key "label"' },
      { line: 3, problem: 'the value of "text" is an array' },
      { line: 4, problem: 'the value of "label" is an object' },
    ]);
  });

  it('keys with the names of object members', async () => {
    const rows = await read('{"__proto__":"x","constructor":"y"}\n', 7, ['__proto__', 'constructor']);
    expect(rows).toEqual([{ line: 1, values: ['x', 'y'] }]);
    await expect(read('{"text":"a"}')).rejects.toThrow(BadInput);
    await expect(read('{"text":"a"}', 7, ['constructor'])).rejects.toThrow('there is no column "constructor"');
  });
});

describe('JSON Lines are refused for', () => {
  const good = '{"text":"a","label":"b"}\n';
  it.each([
    ['an empty file', '', 'data.jsonl', 'the file is empty'],
    ['a file of blank lines', '\n \n', 'data.jsonl', 'the file has no rows'],
    ['invalid JSON', `${good}\n{"text":"secret`, 'data.jsonl:3', 'the line is not valid JSON'],
    ['a line that is an array', `${good}["secret"]`, 'data.jsonl:2', 'the line is not a JSON object'],
    ['a line that is null', 'null', 'data.jsonl:1', 'the line is not a JSON object'],
    ['a key missing from the first line', '{"texts":"a","label":"b"}', 'data.jsonl:1', 'there is no column "text"'],
    [
      'a line of more than 1 MiB',
      `${good}{"text":"${'x'.repeat(1_100_000)}","label":"b"}\n`,
      'data.jsonl:2',
      'the record is larger than 1 MiB',
    ],
  ])('%s', async (_, content, where, message) => {
    const error: unknown = await read(content, 1000).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BadInput);
    expect(error).toMatchObject({ where, message });
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it('bytes that are not UTF-8', async () => {
    const content = Buffer.concat([Buffer.from('{"text":"ü","label":"b"}\n'), Buffer.from([0x22, 0xff, 0x22])]);
    await expect(read(content)).rejects.toMatchObject({ where: 'data.jsonl:2', message: 'the line is not UTF-8' });
  });
});
