// Reads Parquet, row group by row group, into chunks of JSON Lines.
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { BadInput } from '../../domain/bad-input.ts';
import { ChunkBuffer } from './chunk-buffer.ts';
import { holdsSomething } from './jsonl-chunks.ts';
import { bombFreeBytes, maxExpansion, maxRecordBytes, maxRowGroupBytes } from './limits.ts';
import { boundedCompressors } from './parquet-pages.ts';
import { jsonOf, UnfitValue } from './plain-json.ts';
import { problemOf } from './record-problem.ts';
import type { ChunkOptions, RecordChunk } from './source-file.ts';

/** Uncompressed bytes of the rows that are decoded at a time, where columns are flat. */
const batchBytes = 32 * 2 ** 20;

/**
 * Lines count rows. Throws BadInput for a file that is no Parquet, is cut off or damaged, needs more than 1 GiB for
 * a row group, has no rows, or has values that JSON cannot hold, unless such rows are to be dropped.
 */
export async function* parquetChunks(local: string, file: string, options: ChunkOptions): AsyncGenerator<RecordChunk> {
  // Loaded for Parquet alone.
  const { parquetMetadataAsync, parquetRead, parquetSchema } = await import('hyparquet');
  await using handle = await open(local);
  const { size } = await handle.stat();
  const source = slices(handle, size);
  const broken = (cause: unknown): BadInput =>
    cause instanceof BadInput
      ? cause
      : new BadInput('the Parquet file is cut off, damaged or of a kind that cannot be read', {
          where: file,
          hint: 'Fetch it again, and compare its size with that of the original.',
          cause,
        });
  const metadata = await parquetMetadataAsync(source).catch((error: unknown) => {
    throw broken(error);
  });
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  const compressors = await boundedCompressors(file);
  const buffer = new ChunkBuffer({ kind: 'jsonl', file, malformed: options.malformed }, options);
  let row = 1;
  let written = 0;
  for (const { rowStart, rowEnd } of batches(metadata, file)) {
    let rows: unknown[][] = [];
    compressors.begin();
    await parquetRead({
      file: source,
      metadata,
      rowStart,
      rowEnd,
      compressors: compressors.byCodec,
      // Texts are told from bytes by the schema; what has no such mark is looked at below.
      utf8: false,
      onComplete: (all) => {
        rows = all;
      },
    }).catch((error: unknown) => {
      throw broken(error);
    });
    if (rows.length !== rowEnd - rowStart) {
      throw broken(new Error(`${rows.length} rows instead of ${rowEnd - rowStart}`));
    }
    for (const values of rows) {
      const line = rowLine(values, columns);
      if (line instanceof UnfitValue || line.length > maxRecordBytes) {
        const problem = line instanceof UnfitValue ? line.problem : 'is larger than 1 MiB';
        buffer.report(problemOf({ file, malformed: options.malformed }, row, 'row', problem));
        buffer.append(Buffer.from('\n'));
      } else {
        buffer.append(line);
        written += line.length;
      }
      row += 1;
      if (written > bombFreeBytes && written > size * maxExpansion) {
        throw new BadInput(`the file grows more than ${maxExpansion}-fold when it is read`, { where: file });
      }
      if (buffer.length >= buffer.wanted) {
        yield buffer.cut(buffer.length, row);
      }
    }
  }
  const last = buffer.cut(buffer.length, row);
  if (holdsSomething(last)) {
    yield last;
  }
  if (row === 1) {
    throw new BadInput('the file has no rows', { where: file });
  }
}

/** Reads ranges of the file. A range beyond its end is an error: hyparquet would take fewer bytes for all. */
function slices(handle: FileHandle, size: number): AsyncBuffer {
  return {
    byteLength: size,
    async slice(start, end = size) {
      const from = start < 0 ? size + start : start;
      const bytes = new Uint8Array(Math.max(0, checkedLength(from, end, size)));
      for (let at = 0; at < bytes.length;) {
        const { bytesRead } = await handle.read(bytes, at, bytes.length - at, from + at);
        if (bytesRead === 0) {
          throw new Error('the file ends early');
        }
        at += bytesRead;
      }
      return bytes.buffer;
    },
  };
}

function checkedLength(start: number, end: number, size: number): number {
  if (!(start >= 0 && end <= size)) {
    throw new Error(`the file has ${size} bytes, and ${end} are asked for`);
  }
  return end - start;
}

/**
 * Ranges of rows to decode at a time. In flat columns pages outside a range are skipped; nested ones are decoded as
 * far as the row group goes, so that its whole is read at once.
 */
function* batches(metadata: FileMetaData, file: string): Generator<{ rowStart: number; rowEnd: number }> {
  const nested = metadata.schema.some(
    ({ num_children: children, repetition_type: repetition }, index) =>
      index > 0 && ((children ?? 0) > 0 || repetition === 'REPEATED'),
  );
  let groupStart = 0;
  for (const [index, group] of metadata.row_groups.entries()) {
    const bytes = Number(group.total_byte_size);
    const rows = Number(group.num_rows);
    if (bytes > maxRowGroupBytes) {
      throw new BadInput(`row group ${index + 1} has ${Math.ceil(bytes / 2 ** 20)} MiB, and 1024 are allowed`, {
        where: file,
        hint: 'Write the file with smaller row groups, say of 100,000 rows.',
      });
    }
    const step = nested ? rows : Math.max(1000, Math.ceil((rows * batchBytes) / Math.max(bytes, 1)));
    for (let start = 0; start < rows; start += step) {
      yield { rowStart: groupStart + start, rowEnd: groupStart + Math.min(rows, start + step) };
    }
    groupStart += rows;
  }
}

function rowLine(values: readonly unknown[], columns: readonly string[]): Buffer | UnfitValue {
  const members: string[] = [];
  for (const [index, name] of columns.entries()) {
    const text = jsonOf(values[index], name);
    if (text instanceof UnfitValue) {
      return text;
    }
    members.push(`${JSON.stringify(name)}:${text}`);
  }
  return Buffer.from(`{${members.join(',')}}\n`);
}
