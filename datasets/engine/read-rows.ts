// The first pass: all sources through the steps that need one row at a time, into scratch files and the row table.
import { createHash } from 'node:crypto';
import { BadInput } from '../../domain/bad-input.ts';
import { parseChunk } from '../sources/parse-chunk.ts';
import { sourceChunks } from '../sources/source-chunks.ts';
import type { Malformed, RecordChunk, SourceFacts, SourceFile } from '../sources/source-file.ts';
import type { ChunkResult } from './chunk-result.ts';
import type { Crew } from './crew.ts';
import type { ChunkTask } from './process-chunk.ts';
import { RowTableBuilder, type RowTable } from './row-table.ts';
import type { ScratchFiles } from './scratch-files.ts';
import { AnswersInOrder, type TeacherAnswer } from './teacher-answer.ts';

/** A file to be curated, with its place in the recipe and its digest. */
export interface CurateFile extends SourceFile {
  /** Number of its source in the recipe. */
  readonly source: number;
  /** Taken while the file is read, when it is not known. */
  readonly sha256?: string;
  readonly bytes: number;
  /** Commit of a hub's file. */
  readonly revision?: string;
  /** A teacher's answers, one for each record in the order of the file, where the source is distilled. */
  readonly answers?: () => AsyncIterable<TeacherAnswer>;
}

/** A file that was read: its records have the numbers from `start` on. */
export interface ReadFile extends Pick<CurateFile, 'path' | 'source' | 'bytes' | 'revision'> {
  readonly sha256: string;
  readonly start: number;
  readonly rows: number;
  readonly facts: SourceFacts | undefined;
}

export interface RowsRead {
  readonly table: RowTable;
  readonly files: readonly ReadFile[];
  /** Bands of hashes in the scratch files. */
  readonly bands: number;
  readonly pii: ReadonlyMap<string, { rows: number; found: number }>;
}

export interface ReadInput {
  readonly files: readonly CurateFile[];
  readonly malformed: Malformed;
  readonly bands: number;
  readonly signal?: AbortSignal | undefined;
  /** Told after every chunk. */
  readonly onRows?: ((progress: { readonly rows: number; readonly bytes: number }) => void) | undefined;
}

export const scratchNames = { rows: 'rows.jsonl', drops: 'drops.jsonl', overlaps: 'overlaps.jsonl' } as const;
/** Bytes of a chunk whose records are answered: their answers, many times as long, are in memory with them. */
export const answeredChunkBytes = 64 * 1024;
export const bandName = (band: number): string => `band-${band}`;

/** Chunks are worked on at the same time and taken in order. Throws BadInput for the first record that cannot be read. */
export async function readRows(crew: Crew, scratch: ScratchFiles, input: ReadInput): Promise<RowsRead> {
  const builder = new RowTableBuilder();
  const pii = new Map<string, { rows: number; found: number }>();
  const files: ReadFile[] = [];
  let bytes = 0;
  // All three exist even when nothing is written to them.
  for (const name of Object.values(scratchNames)) {
    await scratch.append(name, new Uint8Array());
  }

  async function take(result: ChunkResult): Promise<void> {
    input.signal?.throwIfAborted();
    await scratch.append(scratchNames.rows, result.rows);
    await scratch.append(scratchNames.drops, result.drops);
    await scratch.append(scratchNames.overlaps, result.overlaps);
    for (let band = 0; band < input.bands; band += 1) {
      const hashes = result.bands.subarray(band * result.records, (band + 1) * result.records);
      await scratch.append(bandName(band), new Uint8Array(hashes.buffer, hashes.byteOffset, hashes.byteLength));
    }
    for (const [type, { rows, found }] of Object.entries(result.pii)) {
      const known = pii.get(type) ?? { rows: 0, found: 0 };
      pii.set(type, { rows: known.rows + rows, found: known.found + found });
    }
    builder.add(result);
  }

  for (const file of input.files) {
    const start = builder.records;
    let facts: SourceFacts | undefined;
    const waiting: Promise<ChunkResult>[] = [];
    const next = async (): Promise<void> => {
      const result = await waiting.shift();
      if (result !== undefined) {
        await take(result);
      }
    };
    let first: Pick<ChunkTask, 'first' | 'firstAt'> | undefined;
    const answers = file.answers === undefined ? undefined : new AnswersInOrder(file.path, file.answers());
    const followed = new FollowedFile(file, (read) => {
      // Here too, since a file may be long without a record.
      input.signal?.throwIfAborted();
      bytes += read;
    });
    const chunks = sourceChunks(followed.file, {
      malformed: input.malformed,
      scratch: scratch.folder,
      onFacts: (found) => (facts = found),
      ...(answers === undefined ? {} : { chunkBytes: answeredChunkBytes }),
    });
    for await (const chunk of chunks) {
      first ??= firstRecord(chunk);
      const result = crew.rows({
        chunk,
        source: file.source,
        ...(first ?? { first: {}, firstAt: file.path }),
        ...(answers === undefined ? {} : { answers: await answers.take(parseChunk(chunk).length) }),
      });
      // It is awaited in its turn; until then a failure must not count as unhandled.
      result.catch(() => undefined);
      waiting.push(result);
      if (waiting.length > crew.size + 1) {
        await next();
        input.onRows?.({ rows: builder.records, bytes });
      }
    }
    while (waiting.length > 0) {
      await next();
    }
    await answers?.end();
    input.onRows?.({ rows: builder.records, bytes });
    const rows = builder.records - start;
    if (rows === 0) {
      throw new BadInput('the file has no rows', { where: file.path });
    }
    const { path, source, bytes: size, revision } = file;
    files.push({
      path,
      source,
      ...(revision === undefined ? {} : { revision }),
      sha256: await followed.digest(),
      bytes: size,
      start,
      rows,
      facts,
    });
  }
  await scratch.close();
  return { table: builder.finish(), files, bands: input.bands, pii };
}

export function firstRecord(chunk: RecordChunk): Pick<ChunkTask, 'first' | 'firstAt'> | undefined {
  for (const record of parseChunk(chunk)) {
    if ('fields' in record) {
      return { first: record.fields, firstAt: `${chunk.file}:${record.line}` };
    }
  }
  return undefined;
}

/** A file whose bytes are counted and hashed as they are read. */
class FollowedFile {
  readonly file: CurateFile;
  readonly #hash = createHash('sha256');
  #read = 0;

  constructor(file: CurateFile, onBytes: (bytes: number) => void) {
    const follow = (piece: Uint8Array): void => {
      this.#read += piece.length;
      if (file.sha256 === undefined) {
        this.#hash.update(piece);
      }
      onBytes(piece.length);
    };
    async function* open(): AsyncGenerator<Uint8Array> {
      for await (const piece of file.open()) {
        follow(piece);
        yield piece;
      }
    }
    this.file = { ...file, open };
  }

  /** SHA-256 of the file. One that was read in pieces of its own, as Parquet is, is read once more. */
  async digest(): Promise<string> {
    const { sha256, bytes, open } = this.file;
    if (sha256 !== undefined) {
      return sha256;
    }
    if (this.#read === bytes) {
      return this.#hash.digest('hex');
    }
    const hash = createHash('sha256');
    for await (const piece of open()) {
      hash.update(piece);
    }
    return hash.digest('hex');
  }
}

/** The file of a record, by binary search. */
function fileOf(record: number, files: readonly ReadFile[]): ReadFile | undefined {
  let low = 0;
  let high = files.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((files[middle]?.start ?? 0) <= record) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return files[low];
}

/** Number of the source of a record. */
export function sourceOf(record: number, files: readonly ReadFile[]): number {
  return fileOf(record, files)?.source ?? 0;
}
