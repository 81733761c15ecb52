// Reads whole sources from memory: for tests.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FieldRecord } from '../source-record.ts';
import { parseChunk } from './parse-chunk.ts';
import { sourceChunks } from './source-chunks.ts';
import type { ChunkOptions, SourceFacts, SourceFile } from './source-file.ts';
import { piecesOf } from './synthetic-pieces.ts';

export const scratch = join(tmpdir(), 'contender-test-scratch');

/** All records of a file with this content, and what was found out about it. */
export async function recordsOf(
  content: string | Uint8Array,
  file: Partial<SourceFile> & { readonly path: string },
  options: Partial<ChunkOptions> & { readonly pieceBytes?: number } = {},
): Promise<{ records: FieldRecord[]; facts: SourceFacts | undefined; chunks: number }> {
  let facts: SourceFacts | undefined;
  const records: FieldRecord[] = [];
  let chunks = 0;
  const source = { open: () => piecesOf(content, options.pieceBytes ?? 65_536), ...file };
  const onFacts = (found: SourceFacts): void => {
    facts = found;
  };
  for await (const chunk of sourceChunks(source, { malformed: 'stop', scratch, onFacts, ...options })) {
    chunks += 1;
    // What a worker would get.
    for (const record of parseChunk(structuredClone(chunk, { transfer: [chunk.bytes.buffer] }))) {
      records.push(record);
    }
  }
  return { records, facts, chunks };
}
