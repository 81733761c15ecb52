import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { createRandom } from './synthetic-random.ts';
import { recordsOf } from './synthetic-source.ts';

/** A CSV file of odd fields, quoted where they must be and at times where they need not. */
function syntheticCsv(seed: number): string {
  const random = createRandom(seed);
  const pick = (items: readonly string[]): string => items[Math.floor(random() * items.length)] ?? '';
  const end = pick(['\n', '\r\n', '\r']);
  const parts = ['a', 'ü', '😀', ' ', ',', '"', '\n', '\r\n', '\r', ';', '""', 'wort', ''];
  const field = (): string => {
    const text = Array.from({ length: Math.floor(random() * 5) }, () => pick(parts)).join('');
    return /["\r\n,]/u.test(text) || random() < 0.3 ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const rows = Array.from({ length: 30 }, () => `${field()},${field()},${field()}${pick([end, end, end + end])}`);
  return `one,"t""wo",three${end}${rows.join('')}`;
}

describe('CSV', () => {
  it('is read as csv-parse reads it, whatever the sizes of chunks and pieces', async () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const content = syntheticCsv(seed);
      const rows: string[][] = parse(content, { record_delimiter: ['\r\n', '\n', '\r'], skip_empty_lines: true });
      const whole = await recordsOf(content, { path: 'a.csv', delimiter: ',' });
      expect(whole.records.map((record) => ('fields' in record ? Object.values(record.fields) : []))).toEqual(
        rows.slice(1),
      );
      for (const [chunkBytes, pieceBytes] of [
        [1, 1],
        [7, 3],
        [50, 1000],
        [400, 7],
      ] as const) {
        const cut = await recordsOf(content, { path: 'a.csv', delimiter: ',' }, { chunkBytes, pieceBytes });
        expect(cut.chunks).toBeGreaterThanOrEqual(Math.floor(Buffer.byteLength(content) / (chunkBytes + 100)));
        expect(cut.records).toEqual(whole.records);
      }
    }
  });

  it.each([
    ['semicolons', ';'],
    ['tabs', '\t'],
    ['bars', '|'],
    ['commas', ','],
  ])('is found to be delimited by %s', async (_, delimiter) => {
    const content = `id${delimiter}text${delimiter}label\n1${delimiter}"a, b; c|d"${delimiter}x\n`;
    const { records, facts } = await recordsOf(content, { path: 'a.csv' });
    expect(facts).toMatchObject({ delimiter });
    expect(records).toEqual([{ line: 2, fields: { id: '1', text: 'a, b; c|d', label: 'x' } }]);
  });

  it('with commas in a header of semicolons goes by the rows', async () => {
    const { facts } = await recordsOf('a;b,c;d\n1;2;3\n4;5;6\n', { path: 'a.csv' });
    expect(facts).toMatchObject({ delimiter: ';' });
  });

  it('of one column has no delimiter to find', async () => {
    expect((await recordsOf('text\na\nb\n', { path: 'a.csv' })).records).toHaveLength(2);
  });

  it('has tabs when it is called TSV, and what the source states otherwise', async () => {
    expect((await recordsOf('a,b\tc\n1\t2\n', { path: 'a.tsv' })).records[0]).toMatchObject({ fields: { 'a,b': '1' } });
    const stated = await recordsOf('a,b#c\n1#2\n', { path: 'a.csv', delimiter: '#' });
    expect(stated.records[0]).toMatchObject({ fields: { 'a,b': '1' } });
  });

  it('lists records with too many fields, when such are dropped, and goes on', async () => {
    const content = 'a,b\n1,2\n1,2,3\n"x\ny"\n3,4\n';
    expect((await recordsOf(content, { path: 'a.csv' }, { malformed: 'drop' })).records).toEqual([
      { line: 2, fields: { a: '1', b: '2' } },
      { line: 3, problem: 'has 3 fields and the header 2' },
      { line: 4, problem: 'has 1 fields and the header 2' },
      { line: 6, fields: { a: '3', b: '4' } },
    ]);
  });

  it('stops at an open quote also when malformed records are dropped', async () => {
    await expect(recordsOf('a,b\n1,2\n3,"x\n4,5\n', { path: 'a.csv' }, { malformed: 'drop' })).rejects.toMatchObject({
      where: 'a.csv:3',
      message: 'field 2 of the record opens a quote that is never closed',
    });
  });

  it('drops a record that is too large, and counts its lines', async () => {
    const large = `"${'x\n'.repeat(100)}",${'y'.repeat(3_000_000)}`;
    const content = `a,b\n1,2\n${large}\r\n3,4\n"${'z\r\n'.repeat(10)}",6\n`;
    for (const pieceBytes of [1000, 65_536, 65_537]) {
      const { records } = await recordsOf(content, { path: 'a.csv' }, { malformed: 'drop', pieceBytes });
      expect(records.map((record) => ({ line: record.line, bad: 'problem' in record }))).toEqual([
        { line: 2, bad: false },
        { line: 3, bad: true },
        { line: 104, bad: false },
        { line: 105, bad: false },
      ]);
    }
  });

  it('ends at a quote that stays open for more than a record may have', async () => {
    const content = `a,b\n1,"${'x,y\n'.repeat(600_000)}`;
    for (const malformed of ['stop', 'drop'] as const) {
      await expect(recordsOf(content, { path: 'a.csv' }, { malformed })).rejects.toMatchObject({
        where: 'a.csv:2',
        message: 'the record is larger than 1 MiB',
        hint: expect.stringContaining('quote'),
      });
    }
  });

  it('with a million commas is refused in no time', async () => {
    const commas = ','.repeat(1_000_000);
    await expect(recordsOf(`${commas}\n`, { path: 'a.csv' })).rejects.toThrow('the header has 1000001 columns');
    const row = recordsOf(`a,b\n${commas}\n`, { path: 'a.csv' });
    await expect(row).rejects.toThrow('the row has 1000001 fields and the header 2');
  });

  it('may have ten thousand columns, of any name', async () => {
    const names = Array.from({ length: 9_998 }, (_, index) => `c${index}`);
    const header = ['__proto__', 'constructor', ...names].join(',');
    const { records } = await recordsOf(`${header}\n${'v,'.repeat(9_999)}v\n`, { path: 'a.csv' });
    const [record] = records;
    expect(record).toBeDefined();
    expect(Object.keys(record !== undefined && 'fields' in record ? record.fields : {})).toHaveLength(10_000);
    expect(Reflect.get({}, 'v')).toBeUndefined();
  });

  it('keeps NUL characters in fields for the rows’ own check', async () => {
    expect((await recordsOf('a,b\nx\0y,z\n', { path: 'a.csv' })).records).toEqual([
      { line: 2, fields: { a: 'x\0y', b: 'z' } },
    ]);
  });
});
