// Cuts the rows of one JSON document into chunks of JSON Lines, without reading what the rows hold.
import { BadInput } from '../../domain/bad-input.ts';
import { ChunkBuffer } from './chunk-buffer.ts';
import { holdsSomething } from './jsonl-chunks.ts';
import { JsonRows } from './json-rows.ts';
import type { ChunkOptions, RecordChunk } from './source-file.ts';

/**
 * The document is a list of objects, or an object with one such list among its members. Lines count rows. Throws
 * BadInput for another document, one that is cut off or broken between rows, and one without rows.
 */
export async function* jsonChunks(
  text: AsyncIterable<Uint8Array>,
  file: string,
  options: ChunkOptions,
): AsyncGenerator<RecordChunk> {
  const buffer = new ChunkBuffer({ kind: 'jsonl', file, malformed: options.malformed }, options);
  const rows = new JsonRows(buffer, file, options.malformed);
  for await (const whole of text) {
    for (let offset = 0; offset < whole.length; offset += buffer.step) {
      try {
        rows.read(whole.subarray(offset, offset + buffer.step));
      } catch (error) {
        // Rows in front of it may be wrong too, and then come first.
        yield buffer.cut(rows.end, rows.row);
        throw error;
      }
      if (rows.end >= buffer.wanted) {
        yield buffer.cut(rows.end, rows.row);
        rows.end = 0;
      }
    }
  }
  rows.finish();
  const last = buffer.cut(buffer.length, rows.row);
  if (holdsSomething(last)) {
    yield last;
  }
  if (rows.row === 1) {
    throw new BadInput('the file has no rows', { where: file });
  }
}

/** True when a file that is called JSON holds one object a line. `head` is its beginning. */
export function isJsonLines(head: Buffer): boolean {
  const text = head.toString('utf8').trimStart();
  const end = text.indexOf('\n');
  if (!text.startsWith('{') || end === -1 || !text.slice(end).trimStart().startsWith('{')) {
    return false;
  }
  try {
    JSON.parse(text.slice(0, end));
    return true;
  } catch {
    return false;
  }
}
