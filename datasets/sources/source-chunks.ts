// From the bytes of a source file, whatever its format, compression and encoding, to chunks of whole records.
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BadInput } from '../../domain/bad-input.ts';
import { csvChunks } from './csv-chunks.ts';
import { decompressed } from './decompress.ts';
import { formatOf } from './file-format.ts';
import { isJsonLines, jsonChunks } from './json-chunks.ts';
import { jsonlChunks } from './jsonl-chunks.ts';
import { headBytes } from './limits.ts';
import { parquetChunks } from './parquet-chunks.ts';
import type { ChunkOptions, RecordChunk, SourceFacts, SourceFile } from './source-file.ts';
import { utf8Text } from './text-encoding.ts';
import { withHead } from './with-head.ts';

/**
 * Chunks in the order of the file, each of about 1 MiB and of whole records. Throws BadInput, naming the file and where
 * possible the line, for what cannot be read; what `open` throws passes through. Memory does not grow with the file.
 */
export async function* sourceChunks(file: SourceFile, options: ChunkOptions): AsyncGenerator<RecordChunk> {
  const { compression, content } = await decompressed(file.open(), file.path);
  const { head, all } = await withHead(content, 4);
  try {
    const parquet = head.toString('latin1') === 'PAR1';
    const format = parquet && file.format === undefined ? 'parquet' : formatOf(file);
    if (format === 'parquet') {
      options.onFacts?.({ format, compression });
      yield* file.local !== undefined && compression === 'none'
        ? parquetChunks(file.local, file.path, options)
        : spooledParquet(all, file.path, options);
      return;
    }
    if (parquet) {
      throw new BadInput('the file is Parquet', { where: file.path, hint: 'State `format: parquet`.' });
    }
    yield* textChunks(all, file, { format, compression }, options);
  } finally {
    await all.return(undefined);
  }
}

async function* textChunks(
  content: AsyncIterable<Uint8Array>,
  file: SourceFile,
  found: Pick<SourceFacts, 'format' | 'compression'>,
  options: ChunkOptions,
): AsyncGenerator<RecordChunk> {
  const { encoding, text } = await utf8Text(content, { file: file.path, stated: file.encoding });
  const { head, all } = await withHead(text, headBytes);
  const format = found.format === 'json' && isJsonLines(head) ? 'jsonl' : found.format;
  const facts = { ...found, format, encoding };
  try {
    if (format === 'csv' || format === 'tsv') {
      yield* csvChunks(all, { ...file, tabs: format === 'tsv' }, options, (delimiter) =>
        options.onFacts?.({ ...facts, delimiter }),
      );
      return;
    }
    options.onFacts?.(facts);
    yield* format === 'json' ? jsonChunks(all, file.path, options) : jsonlChunks(all, file.path, options);
  } finally {
    await all.return(undefined);
  }
}

/** Parquet says at its end what it holds, so it has to lie somewhere first. */
async function* spooledParquet(
  content: AsyncIterable<Uint8Array>,
  file: string,
  options: ChunkOptions,
): AsyncGenerator<RecordChunk> {
  await mkdir(options.scratch, { recursive: true });
  const local = join(options.scratch, `${randomUUID()}.parquet`);
  try {
    await pipeline(content, createWriteStream(local, { flags: 'wx' }));
    yield* parquetChunks(local, file, options);
  } finally {
    await rm(local, { force: true });
  }
}
