// How many lines a file has.
import { createReadStream } from 'node:fs';

/** Line feeds in the file. */
export async function countLines(path: string): Promise<number> {
  let lines = 0;
  const stream: AsyncIterable<Buffer> = createReadStream(path);
  for await (const piece of stream) {
    for (let at = piece.indexOf(0x0a); at !== -1; at = piece.indexOf(0x0a, at + 1)) {
      lines += 1;
    }
  }
  return lines;
}
