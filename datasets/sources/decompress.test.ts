import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decompressed } from './decompress.ts';
import { recordsOf } from './synthetic-source.ts';

const lines = Array.from({ length: 3000 }, (_, index) => JSON.stringify({ text: `row ${index}`, n: index }));
const content = `${lines.join('\n')}\n`;
const half = content.indexOf('\n', content.length / 2) + 1;
const codecs = [
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
] as const;

async function* broken(begun: Uint8Array): AsyncGenerator<Uint8Array> {
  yield begun;
  throw new Error('the line is dead');
}

describe.each(codecs)('a %s file', (compression, compress) => {
  it('is told by its first bytes, whatever it is called', async () => {
    for (const path of ['rows.jsonl', 'rows.jsonl.gz', 'rows.jsonl.zst']) {
      const { records, facts } = await recordsOf(compress(content), { path });
      expect(records).toHaveLength(3000);
      expect(records.at(-1)).toEqual({ line: 3000, fields: { text: 'row 2999', n: 2999 } });
      expect(facts).toEqual({ format: 'jsonl', compression, encoding: 'utf-8' });
    }
  });

  it.each([1, 10, 977, 1_000_000])(
    'of several members is read to its end, in pieces of %i bytes',
    async (pieceBytes) => {
      const members = [content.slice(0, half), '', content.slice(half), content].map((part) => compress(part));
      const { records } = await recordsOf(Buffer.concat(members), { path: 'rows.jsonl' }, { pieceBytes });
      expect(records).toHaveLength(6000);
    },
  );

  it('may be padded with zeros', async () => {
    const padded = Buffer.concat([compress(content), Buffer.alloc(1000)]);
    for (const pieceBytes of [100, 65_536]) {
      expect((await recordsOf(padded, { path: 'rows.jsonl' }, { pieceBytes })).records).toHaveLength(3000);
    }
  });

  it.each([1, 8, 5000])('that lacks its last %i bytes is an error that names it', async (missing) => {
    const whole = compress(content);
    const cut = whole.subarray(0, Math.max(9, whole.length - missing));
    await expect(recordsOf(cut, { path: 'rows.jsonl' })).rejects.toMatchObject({
      name: 'ContenderBadInput',
      message: expect.stringContaining(`the ${compression} file is`),
      where: 'rows.jsonl',
    });
  });

  it('with something else behind it is an error', async () => {
    const both = Buffer.concat([compress(content), Buffer.from('{"text":"not compressed"}\n')]);
    await expect(recordsOf(both, { path: 'rows.jsonl' })).rejects.toThrow(`the ${compression} file is damaged`);
  });

  it('that grows more than a thousandfold is refused long before its end', async () => {
    const member = compress(Buffer.alloc(64 * 2 ** 20));
    let pulled = 0;
    const bomb = async function* () {
      for (; pulled < 1000; pulled += 1) {
        yield member;
      }
    };
    const { content: bytes } = await decompressed(bomb(), 'bomb.jsonl');
    let out = 0;
    const all = (async () => {
      for await (const piece of bytes) {
        out += piece.length;
      }
    })();
    await expect(all).rejects.toMatchObject({
      name: 'ContenderBadInput',
      message: expect.stringContaining('grow to more than'),
      where: 'bomb.jsonl',
    });
    expect(pulled).toBeLessThan(5);
    expect(out).toBeLessThan(200 * 2 ** 20);
  }, 20_000);

  it('passes on what goes wrong while it is fetched', async () => {
    const begun = compress(content).subarray(0, 2000);
    await expect(recordsOf('', { path: 'rows.jsonl', open: () => broken(begun) })).rejects.toThrow('the line is dead');
  });
});

describe('a file of another kind', () => {
  it.each([
    ['a ZIP archive (or an Excel workbook)', 'PK\u{3}\u{4}rest'],
    ['compressed with bzip2', 'BZh91AY&SY'],
    ['an SQLite database', 'SQLite format 3\0'],
  ])('is named: %s', async (kind, bytes) => {
    await expect(recordsOf(bytes, { path: 'rows.csv' })).rejects.toThrow(`the file is ${kind}, which cannot be read`);
  });
});
