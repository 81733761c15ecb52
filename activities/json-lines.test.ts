import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseLines, streamLines, toLinePieces, toLines } from './json-lines.ts';

const schema = z.strictObject({ text: z.string() });
const values = [{ text: 'plain' }, { text: 'größer 😀' }, { text: '' }];
const bytes = new TextEncoder().encode(values.map((value) => JSON.stringify(value)).join('\n'));

async function* pieces(size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) {
    yield bytes.subarray(from, from + size);
  }
}

test.each([1, 3, 7, 1000])('lines cut into pieces of %d bytes come out whole', async (size) => {
  expect(await Array.fromAsync(streamLines(pieces(size), schema))).toEqual(values);
  expect(parseLines(bytes, schema)).toEqual(values);
});

test.each([0, 1, 100, 101, 1000])('the pieces of %d values are their lines', async (count) => {
  const many = Array.from({ length: count }, (_, at) => ({ text: `row ${at}` }));
  expect((await Array.fromAsync(toLinePieces(many))).join('')).toBe(toLines(many));
});

test('empty lines are passed over, and a last line needs no end', () => {
  expect(parseLines(Buffer.from('\n{"text":"a"}\n\n{"text":"b"}'), schema)).toEqual([{ text: 'a' }, { text: 'b' }]);
  expect(parseLines(new Uint8Array(), schema)).toEqual([]);
});

test('a line that is no such value ends the stream with an error', async () => {
  const other = z.strictObject({ text: z.number() });
  await expect(Array.fromAsync(streamLines(pieces(50), other))).rejects.toThrow(z.ZodError);
});
