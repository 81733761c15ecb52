// CSV as people really have it, and CSV that is broken.
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../domain/bad-input.ts';
import { readRecords } from '../read-source.ts';
import type { SourceRecord } from '../source-record.ts';
import { collect, piecesOf } from './synthetic-pieces.ts';

const columns = ['text', 'label'];

async function read(
  content: string | Uint8Array,
  pieceBytes = 7,
  delimiter: ',' | '\t' = ',',
): Promise<SourceRecord[]> {
  return collect(readRecords({ path: 'data.csv', delimiter, open: () => piecesOf(content, pieceBytes) }, { columns }));
}

describe('a CSV file is read with', () => {
  it.each([1, 2, 3, 7, 1000])('a file cut into pieces of %i bytes', async (pieceBytes) => {
    const content = 'id,text,label\n1,"a, ""quoted"" ü","x\ny"\n\n2,c,d\n3,"line\nbreaks\n",e\n4,f,g';
    expect(await read(content, pieceBytes)).toEqual([
      { line: 2, values: ['a, "quoted" ü', 'x\ny'] },
      { line: 5, values: ['c', 'd'] },
      { line: 6, values: ['line\nbreaks\n', 'e'] },
      { line: 9, values: ['f', 'g'] },
    ]);
  });

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('%s line ends, with the right line numbers', async (_, end) => {
    const content = ['label,text', 'a,"b', 'c"', '', '', 'd,e', ''].join(end);
    for (const pieceBytes of [1, 2, 5, 100]) {
      expect(await read(content, pieceBytes)).toEqual([
        { line: 2, values: [`b${end}c`, 'a'] },
        { line: 6, values: ['e', 'd'] },
      ]);
    }
  });

  it('a byte order mark as none', async () => {
    expect(await read('\u{FEFF}text,label\na,b\n')).toEqual([{ line: 2, values: ['a', 'b'] }]);
  });

  it('tab-separated values', async () => {
    expect(await read('text\tlabel\na,b\tc\n', 7, '\t')).toEqual([{ line: 2, values: ['a,b', 'c'] }]);
  });

  it('columns with the names of object members', async () => {
    const content = '__proto__,constructor,text,label\nx,y,a,b\n';
    expect(await read(content)).toEqual([{ line: 2, values: ['a', 'b'] }]);
    const own = readRecords({ path: 'data.csv', open: () => piecesOf(content) }, { columns: ['__proto__'] });
    expect(await collect(own)).toEqual([{ line: 2, values: ['x'] }]);
  });

  it('empty fields, and several unnamed columns', async () => {
    expect(await read('text,label,,\n,,,\n')).toEqual([{ line: 2, values: ['', ''] }]);
  });
});

describe('a CSV file is refused for', () => {
  it.each([
    ['an empty file', '', 'data.csv', 'the file is empty'],
    ['a file of blank lines', '\n\n', 'data.csv', 'the file is empty'],
    ['a header without rows', 'text,label\n', 'data.csv', 'the file has a header and no rows'],
    ['a row with too few fields', 'text,label\na,b\n"x\ny"\n', 'data.csv:3', 'the row has 1 fields and the header 2'],
    ['a row with too many fields', 'text,label\n\na,b,c\n', 'data.csv:3', 'the row has 3 fields and the header 2'],
    ['a column named twice', 'text,label,text\na,b,c\n', 'data.csv:1', 'the header names the column "text" twice'],
    [
      'a quote never closed',
      'text,label\na,b\n\nc,"secret\nd,e\n',
      'data.csv:4',
      'field 2 of the record opens a quote that is never closed',
    ],
    [
      'text after a closing quote',
      'text,label\n"a" secret,b\n',
      'data.csv:2',
      'field 1 of the record goes on after its closing quote',
    ],
    [
      'a quote in an unquoted field',
      'text,label\na,b\nsecret "x",b\n',
      'data.csv:3',
      'field 1 of the record holds a quote and is not quoted',
    ],
  ])('%s', async (_, content, where, message) => {
    for (const pieceBytes of [1, 7, 1000]) {
      const error: unknown = await read(content, pieceBytes).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(BadInput);
      expect(error).toMatchObject({ where, message });
      expect(JSON.stringify(error)).not.toContain('secret');
    }
  });

  it('bytes that are not UTF-8, naming line and column', async () => {
    const content = Buffer.concat([Buffer.from('id,text,label\n1,ü,b\n2,'), Buffer.from([0xe9]), Buffer.from(',c\n')]);
    await expect(read(content)).rejects.toMatchObject({
      where: 'data.csv:3',
      message: 'the record holds bytes that are not UTF-8 in field 2 ("text")',
    });
  });

  it('a missing column, naming the nearest and all there are', async () => {
    await expect(read('id,texts,label\n1,a,b\n')).rejects.toMatchObject({
      where: 'data.csv:1',
      message: 'there is no column "text"',
      hint: 'Did you mean "texts"? Columns: "id", "texts", "label".',
    });
  });

  it('a record of more than 1 MiB', async () => {
    const content = `text,label\na,b\n"${'x\n'.repeat(600_000)}",c\n`;
    await expect(read(content, 65_536)).rejects.toMatchObject({
      where: 'data.csv:3',
      message: expect.stringContaining('larger than 1 MiB'),
    });
  });

  it('nothing of its own when reading fails: the error is passed on', async () => {
    const failing = (async function* () {
      yield Buffer.from('text,label\na,b\n');
      throw new Error('disk gone');
    })();
    const records = readRecords({ path: 'data.csv', open: () => failing }, { columns });
    await expect(collect(records)).rejects.toThrow('disk gone');
  });
});
