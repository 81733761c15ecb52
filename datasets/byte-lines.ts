// A stream of bytes, line by line. Lines end at a line feed alone, so that any other separator stays in its record.
import { BadInput } from '../domain/bad-input.ts';

/** Lines with their numbers, from 1. Throws BadInput for a line of more than `maxBytes`. */
export async function* byteLines(
  source: AsyncIterable<Uint8Array>,
  { file, maxBytes }: { readonly file: string; readonly maxBytes: number },
): AsyncGenerator<{ line: number; bytes: Uint8Array }> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let line = 1;
  const add = (piece: Uint8Array): void => {
    pending.push(piece);
    pendingBytes += piece.length;
    if (pendingBytes > maxBytes) {
      throw new BadInput(`the record is larger than ${Math.floor(maxBytes / 2 ** 20)} MiB`, {
        where: `${file}:${line}`,
      });
    }
  };
  for await (const chunk of source) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      add(chunk.subarray(start, end));
      yield { line, bytes: Buffer.concat(pending) };
      pending = [];
      pendingBytes = 0;
      line += 1;
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  yield { line, bytes: Buffer.concat(pending) };
}
