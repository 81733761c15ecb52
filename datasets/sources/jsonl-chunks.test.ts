import { describe, expect, it } from 'vitest';
import { createRandom } from './synthetic-random.ts';
import { recordsOf } from './synthetic-source.ts';

const path = 'a.jsonl';

/** A line of 800 MB that nobody holds, between two others; counts what was taken of it. */
function longLine(): { open: () => AsyncGenerator<Uint8Array>; pulled: () => number } {
  let pulled = 0;
  const piece = Buffer.alloc(2 ** 16, 'x');
  const open = async function* () {
    yield Buffer.from('{"a":1}\n{"a":"');
    for (; pulled < 800_000_000; pulled += piece.length) {
      yield piece;
    }
    yield Buffer.from('"}\n{"a":2}\n');
  };
  return { open, pulled: () => pulled };
}

describe('JSON Lines', () => {
  it('give the same records whatever the sizes of chunks and pieces', async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = createRandom(seed);
      const texts = ['a', 'ü', '😀', '\\n', '"', '\u{2028}', 'wort '];
      const lines = Array.from({ length: 40 }, () => {
        const text = texts[Math.floor(random() * texts.length)]?.repeat(random() * 20) ?? '';
        return random() < 0.1 ? '' : random() < 0.1 ? '{"broken' : JSON.stringify({ text, n: random() });
      });
      const content = lines.join(random() < 0.5 ? '\n' : '\r\n');
      const whole = await recordsOf(content, { path }, { malformed: 'drop' });
      expect(whole.records.length).toBe(lines.filter((line) => line !== '').length);
      for (const [chunkBytes, pieceBytes] of [
        [1, 1],
        [64, 7],
        [300, 1000],
      ] as const) {
        const cut = await recordsOf(content, { path }, { malformed: 'drop', chunkBytes, pieceBytes });
        expect(cut.records).toEqual(whole.records);
      }
    }
  });

  it('list what is no record, when such are dropped', async () => {
    const content = '{"a":1}\nnull\n{"a":\n\n[1]\n{"a":"\0"}\n{"a":2}\n';
    expect((await recordsOf(content, { path }, { malformed: 'drop' })).records).toEqual([
      { line: 1, fields: { a: 1 } },
      { line: 2, problem: 'is not a JSON object' },
      { line: 3, problem: 'is not valid JSON' },
      { line: 5, problem: 'is not a JSON object' },
      { line: 6, problem: 'is not valid JSON' },
      { line: 7, fields: { a: 2 } },
    ]);
  });

  it('with a line of 800 MB end at once', async () => {
    const { open, pulled } = longLine();
    await expect(recordsOf('', { path, open })).rejects.toMatchObject({
      message: 'the record is larger than 1 MiB',
      where: 'a.jsonl:2',
    });
    expect(pulled()).toBeLessThan(2_000_000);
  });

  it('with a line of 800 MB go on behind it in little memory, when such are dropped', async () => {
    const { open } = longLine();
    const before = process.memoryUsage().arrayBuffers;
    const { records } = await recordsOf('', { path, open }, { malformed: 'drop' });
    expect(records).toEqual([
      { line: 1, fields: { a: 1 } },
      { line: 2, problem: 'is larger than 1 MiB' },
      { line: 3, fields: { a: 2 } },
    ]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  }, 20_000);

  it.each([99, 100])('nested %i deep are records', async (depth) => {
    const value = '['.repeat(depth - 1) + ']'.repeat(depth - 1);
    expect((await recordsOf(`{"a":${value}}`, { path })).records).toHaveLength(1);
  });

  it.each([101, 10_000, 500_000])('nested %i deep are malformed records and no crash', async (depth) => {
    const lists = '['.repeat(depth - 1) + ']'.repeat(depth - 1);
    const objects = '{"a":'.repeat(100_000) + 1 + '}'.repeat(100_000);
    const { records } = await recordsOf(`{"a":${lists}}\n${objects}\n`, { path }, { malformed: 'drop' });
    expect(records).toEqual([
      { line: 1, problem: 'holds values nested more than 100 deep' },
      { line: 2, problem: 'holds values nested more than 100 deep' },
    ]);
  });

  it('keep lone surrogates for the rows’ own check', async () => {
    expect((await recordsOf('{"a":"\\ud800"}', { path })).records).toEqual([{ line: 1, fields: { a: '\u{D800}' } }]);
  });

  it('leave prototypes as they are', async () => {
    const { records } = await recordsOf('{"__proto__":{"x":1},"constructor":2,"a":{"__proto__":3}}', { path });
    const [record] = records;
    const fields: object = record !== undefined && 'fields' in record ? record.fields : {};
    expect(Object.keys(fields)).toEqual(['__proto__', 'constructor', 'a']);
    expect(Reflect.get(fields, 'toString')).toBeUndefined();
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });
});
