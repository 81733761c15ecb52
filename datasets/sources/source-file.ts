// A file of a source, the pieces into which it is cut, and what was found out about it.
import type { SourceFormat } from '../../domain/recipe-source.ts';

/** A file as its place gives it, before anybody looked inside. */
export interface SourceFile {
  /** As the recipe writes it: goes into row origins and messages, and its ending tells the format. */
  readonly path: string;
  readonly format?: SourceFormat | undefined;
  /** Encoding of a text file, by its WHATWG name; found out when absent. */
  readonly encoding?: string | undefined;
  /** Delimiter of a CSV file; found out when absent. */
  readonly delimiter?: string | undefined;
  /** Where the bytes lie on this machine, when they do: Parquet is then read in place. Absolute. */
  readonly local?: string | undefined;
  /** Opens the bytes, compressed or not. */
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** What to do with a record that cannot be read, where it can be told from the next: end with BadInput, or report it. */
export type Malformed = 'stop' | 'drop';

export interface ChunkOptions {
  readonly malformed: Malformed;
  /** Folder for a Parquet file that lies elsewhere, made when needed; what is put there is removed again. Absolute. */
  readonly scratch: string;
  /** Bytes of a chunk, about. 1 MiB when absent. */
  readonly chunkBytes?: number | undefined;
  /** Told once for a file, before its first chunk. */
  readonly onFacts?: ((facts: SourceFacts) => void) | undefined;
}

/** What was found out about a file, for the manifest and the card. */
export interface SourceFacts {
  readonly format: SourceFormat;
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** By its WHATWG name; absent for Parquet. */
  readonly encoding?: string;
  readonly delimiter?: string;
}

/** A record that cannot be read: where it stands, and what is wrong with it, without a value of it. */
export interface RecordProblem {
  readonly line: number;
  readonly problem: string;
}

/**
 * Whole records of a file, to be read by `parseChunk` alone and in any thread: plain data, its bytes in a buffer of
 * their own. Rows of JSON and Parquet files stand as JSON Lines, whose line is the number of the row.
 */
export interface RecordChunk {
  readonly kind: 'csv' | 'jsonl';
  readonly file: string;
  /** Line of the file (or number of the row) of the first byte, from 1. */
  readonly firstLine: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly malformed: Malformed;
  /** For CSV: the columns, the delimiter, and the line of the header. */
  readonly header?: readonly string[];
  readonly headerLine?: number;
  readonly delimiter?: string;
  /** Records before or among these that were found to be unreadable while cutting, by line. */
  readonly problems?: readonly RecordProblem[];
}
