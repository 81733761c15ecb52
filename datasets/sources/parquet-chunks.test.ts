import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { recordsOf } from './synthetic-source.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contender-parquet-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const path = 'a.parquet';
const rows = Array.from({ length: 5000 }, (_, index) => index);
const columnData = [
  { name: 'text', data: rows.map((index) => `Zeile ${index} \u{FC}`), type: 'STRING' as const },
  { name: 'n', data: rows.map(BigInt), type: 'INT64' as const },
];
const messages = [
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: 'Hello' },
];
const other = [
  { name: '__proto__', data: ['a', 'b'], type: 'STRING' as const },
  { name: 'at', data: [new Date('2026-03-01T02:00:00Z'), null], type: 'TIMESTAMP' as const, nullable: true },
  { name: 'large', data: [2n ** 60n, 7n], type: 'INT64' as const },
  { name: 'ratio', data: [0.5, Number.NaN], type: 'DOUBLE' as const },
  { name: 'messages', data: [messages, []], type: 'JSON' as const },
];

async function read(bytes: ArrayBuffer, inPlace: boolean, malformed: 'stop' | 'drop' = 'stop') {
  const local = join(folder, path);
  await writeFile(local, new Uint8Array(bytes));
  const scratch = join(folder, 'scratch');
  const options = { malformed, scratch, chunkBytes: 10_000, pieceBytes: 1000 };
  return await recordsOf(new Uint8Array(bytes), inPlace ? { path, local } : { path }, options);
}

describe.each([
  ['in place', true],
  ['from a stream', false],
])('a Parquet file read %s', (_, inPlace) => {
  it.each(['UNCOMPRESSED', 'SNAPPY'] as const)('gives its rows: %s, in several row groups', async (codec) => {
    const bytes = parquetWriteBuffer({ columnData, codec, rowGroupSize: 1200 });
    const { records, facts, chunks } = await read(bytes, inPlace);
    expect(records).toEqual(
      rows.map((index) => ({ line: index + 1, fields: { text: `Zeile ${index} \u{FC}`, n: index } })),
    );
    expect(facts).toEqual({ format: 'parquet', compression: 'none' });
    expect(chunks).toBeGreaterThan(5);
  });

  it('gives values as JSON has them', async () => {
    const { records } = await read(parquetWriteBuffer({ columnData: other }), inPlace);
    const [first, second] = records.map((record) => ('fields' in record ? Object.entries(record.fields) : []));
    expect(first).toEqual([
      ['__proto__', 'a'],
      ['at', '2026-03-01T02:00:00.000Z'],
      ['large', '1152921504606846976'],
      ['ratio', 0.5],
      ['messages', messages],
    ]);
    expect(second).toEqual([
      ['__proto__', 'b'],
      ['at', null],
      ['large', 7],
      ['ratio', null],
      ['messages', []],
    ]);
  });

  it.each([0.2, 0.7, 0.999])('is an error that names it when only %d of it is there', async (part) => {
    const bytes = parquetWriteBuffer({ columnData });
    const cut = bytes.slice(0, Math.floor(bytes.byteLength * part));
    await expect(read(cut, inPlace)).rejects.toMatchObject({
      name: 'ContenderBadInput',
      message: expect.stringContaining('the Parquet file is cut off'),
      where: path,
    });
    expect(await readdir(join(folder, 'scratch')).catch(() => [])).toEqual([]);
  });

  it('is an error, and no crash, when bytes in it are changed', async () => {
    const bytes = parquetWriteBuffer({ columnData: columnData.slice(0, 1), codec: 'SNAPPY' });
    for (let at = 4; at < bytes.byteLength; at += 997) {
      const damaged = new Uint8Array(bytes.slice(0));
      damaged.set([(damaged[at] ?? 0) ^ 0xff], at);
      const result = await read(damaged.buffer, inPlace, 'drop').catch((error: unknown) => error);
      // Texts have no checksum: a change within one may pass.
      expect(result).toSatisfy((found) =>
        found instanceof Error ? found.name === 'ContenderBadInput' : found.records.length === 5000,
      );
    }
  });
});

describe('a Parquet file', () => {
  it('is told by its first bytes, also compressed as a whole', async () => {
    const bytes = gzipSync(new Uint8Array(parquetWriteBuffer({ columnData })));
    const { records, facts } = await recordsOf(
      bytes,
      { path: 'a.bin', local: join(folder, 'a.bin') },
      { scratch: folder },
    );
    expect(records).toHaveLength(5000);
    expect(facts).toEqual({ format: 'parquet', compression: 'gzip' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('of bytes that are no text has malformed rows', async () => {
    const data = [new Uint8Array([0xff, 0xd8]), new Uint8Array([0x61])];
    const bytes = parquetWriteBuffer({ columnData: [{ name: 'image', data, type: 'BYTE_ARRAY' }] });
    await expect(read(bytes, true)).rejects.toMatchObject({
      message: 'the row holds bytes that are no text in the column "image"',
      where: 'a.parquet:1',
    });
    expect((await read(bytes, true, 'drop')).records).toEqual([
      { line: 1, problem: 'holds bytes that are no text in the column "image"' },
      { line: 2, fields: { image: 'a' } },
    ]);
  });

  it('without rows, and one that is called CSV and stated so, are errors', async () => {
    const empty = parquetWriteBuffer({ columnData: [{ name: 'a', data: [], type: 'STRING' }] });
    await expect(read(empty, true)).rejects.toThrow('the file has no rows');
    const file = { path: 'a.csv', format: 'csv' } as const;
    await expect(recordsOf(new Uint8Array(empty), file)).rejects.toThrow('the file is Parquet');
  });
});
