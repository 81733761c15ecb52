import { expect, it } from 'vitest';
import { textLines } from './text-lines.ts';

async function linesOf(text: string, bytesPerChunk: number): Promise<string[]> {
  const bytes = Buffer.from(text);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < bytes.length; start += bytesPerChunk) {
      yield bytes.subarray(start, start + bytesPerChunk);
    }
  }
  return await Array.fromAsync(textLines(chunks()));
}

it('lines end at line feeds alone, wherever the bytes are cut', async () => {
  const lines = ['{"text":"a\u2028b\u2029c"}', 'ä€🂡', 'with\rreturn', 'last'];
  for (const size of [1, 2, 3, 7, 1000]) {
    expect(await linesOf(`${lines.join('\n')}\n\n`, size)).toEqual(lines);
    expect(await linesOf(lines.join('\n'), size)).toEqual(lines);
  }
});

it('bytes that are not UTF-8 are an error', async () => {
  const broken = (async function* (): AsyncGenerator<Uint8Array> {
    yield Uint8Array.of(0x61, 0xff);
  })();
  await expect(Array.fromAsync(textLines(broken))).rejects.toThrow(TypeError);
});
