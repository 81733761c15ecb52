// Cuts JSON Lines into chunks at line feeds.
import { BadInput } from '../../domain/bad-input.ts';
import { ChunkBuffer } from './chunk-buffer.ts';
import { maxRecordBytes } from './limits.ts';
import type { ChunkOptions, RecordChunk } from './source-file.ts';

const lf = 0x0a;

/** Throws BadInput for a file without a line that holds something, and for a line of more than 1 MiB unless it is to be dropped. */
export async function* jsonlChunks(
  text: AsyncIterable<Uint8Array>,
  file: string,
  options: ChunkOptions,
): AsyncGenerator<RecordChunk> {
  const buffer = new ChunkBuffer({ kind: 'jsonl', file, malformed: options.malformed }, options);
  let end = 0;
  let line = 1;
  let skipping = false;
  let seen = false;
  for await (const whole of text) {
    for (let offset = 0; offset < whole.length; offset += buffer.step) {
      let piece = whole.subarray(offset, offset + buffer.step);
      if (skipping) {
        const next = piece.indexOf(lf);
        if (next === -1) {
          continue;
        }
        skipping = false;
        line += 1;
        buffer.firstLine = line;
        piece = piece.subarray(next + 1);
      }
      // A look at the next byte saves a search for each of millions of blank lines.
      for (let at = piece.indexOf(lf); at !== -1; at = piece[at + 1] === lf ? at + 1 : piece.indexOf(lf, at + 1)) {
        end = buffer.length + at + 1;
        line += 1;
      }
      buffer.append(piece);
      const tooLong = buffer.length - end > maxRecordBytes;
      if (end >= buffer.wanted || tooLong) {
        const chunk = buffer.cut(end, line);
        end = 0;
        if (holdsSomething(chunk)) {
          seen = true;
          yield chunk;
        }
      }
      if (tooLong) {
        if (options.malformed === 'stop') {
          throw new BadInput('the record is larger than 1 MiB', { where: `${file}:${line}` });
        }
        buffer.report({ line, problem: 'is larger than 1 MiB' });
        buffer.discard(buffer.length, line);
        skipping = true;
      }
    }
  }
  const last = buffer.cut(buffer.length, line);
  if (holdsSomething(last)) {
    yield last;
  } else if (!seen) {
    throw new BadInput('the file has no rows', { where: file });
  }
}

/** True for a chunk with a record, or with what is known of one. */
export function holdsSomething({ bytes, problems }: RecordChunk): boolean {
  if (problems !== undefined) {
    return true;
  }
  // A loop, since a callback for every byte takes seconds where a file holds blank lines alone.
  for (let at = 0; at < bytes.length; at += 1) {
    if ((bytes[at] ?? 0) > 0x20) {
      return true;
    }
  }
  return false;
}
