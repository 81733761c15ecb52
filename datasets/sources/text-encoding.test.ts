import { describe, expect, it } from 'vitest';
import { recordsOf } from './synthetic-source.ts';

const text = 'text,label\nDie Prüfung kostet 5 Euro,größer\nÄrger über Öl,schön\n';
const fields = [
  { text: 'Die Prüfung kostet 5 Euro', label: 'größer' },
  { text: 'Ärger über Öl', label: 'schön' },
];
const utf16le = Buffer.from(text, 'utf16le');
const utf16be = Buffer.from(utf16le).swap16();
const bom = '\u{FEFF}';

async function read(bytes: Uint8Array, encoding?: string, pieceBytes = 3) {
  const { records, facts } = await recordsOf(bytes, { path: 'a.csv', encoding }, { pieceBytes });
  return { encoding: facts?.encoding, fields: records.map((record) => ('fields' in record ? record.fields : record)) };
}

function file(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from('text,label\n'), bytes, Buffer.from(',a\n')]);
}

describe('the encoding of a text file', () => {
  it.each([
    ['UTF-8', Buffer.from(text), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(bom + text), 'utf-8'],
    ['UTF-16 LE with a mark', Buffer.from(bom + text, 'utf16le'), 'utf-16le'],
    ['UTF-16 BE with a mark', Buffer.concat([Buffer.from([0xfe, 0xff]), utf16be]), 'utf-16be'],
    ['UTF-16 LE without one', utf16le, 'utf-16le'],
    ['UTF-16 BE without one', utf16be, 'utf-16be'],
    ['Windows-1252', Buffer.from(text, 'latin1'), 'windows-1252'],
  ])('is found: %s', async (_, bytes, encoding) => {
    expect(await read(bytes)).toEqual({ encoding, fields });
  });

  it('is found for Japanese and Russian', async () => {
    // 「日本語の文章です。」 several times, in Shift_JIS; «Это русский текст» in Windows-1251.
    const japanese = Buffer.from('93fa967b8cea82cc95b68fcd82c582b78142'.repeat(8), 'hex');
    const russian = Buffer.from('ddf2ee20f0f3f1f1eae8e920f2e5eaf1f220'.repeat(8), 'hex');
    expect((await read(file(japanese))).encoding).toBe('shift_jis');
    expect((await read(file(russian))).encoding).toBe('windows-1251');
    expect((await read(file(japanese))).fields).toEqual([{ text: '日本語の文章です。'.repeat(8), label: 'a' }]);
  });

  it('is the one that the source states', async () => {
    const bytes = Buffer.from('text,label\n\u{A4}5,b\n', 'latin1');
    expect((await read(bytes, 'iso-8859-15')).fields).toEqual([{ text: '€5', label: 'b' }]);
    await expect(read(bytes, 'utf-9')).rejects.toThrow('there is no encoding "utf-9"');
  });

  it('that is stated and wrong is an error with a line', async () => {
    const bytes = Buffer.concat([Buffer.from('text,label\na,b\n'), Buffer.from([0x81, 0xff, 0x0a])]);
    await expect(read(bytes, 'shift_jis', 65_536)).rejects.toMatchObject({
      message: 'the text is not shift_jis throughout',
      where: expect.stringContaining('a.csv: at or after line 1'),
    });
  });

  it('UTF-32 is refused', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]);
    await expect(read(bytes)).rejects.toThrow('the file seems to be UTF-32, which cannot be read');
  });

  it('that changes behind the beginning is an error with a line, or a counted drop', async () => {
    const good = 'gut,ü\n'.repeat(20_000);
    const bytes = Buffer.concat([
      Buffer.from(`text,label\n${good}`),
      Buffer.from('gr\u{FC}n,b\n', 'latin1'),
      Buffer.from('a,b\n'),
    ]);
    await expect(recordsOf(bytes, { path: 'a.csv' })).rejects.toMatchObject({
      where: 'a.csv:20002',
      message: 'the record holds bytes that are not UTF-8 in field 1 ("text")',
    });
    const { records } = await recordsOf(bytes, { path: 'a.csv' }, { malformed: 'drop' });
    expect(records).toHaveLength(20_002);
    expect(records.filter((record) => 'problem' in record)).toEqual([
      { line: 20_002, problem: 'holds bytes that are not UTF-8 in field 1 ("text")' },
    ]);
  });
});
