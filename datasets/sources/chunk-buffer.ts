// The bytes of a text that are not yet in a chunk: grows to what one record may need, and is cut at the ends of records.
import type { ChunkOptions, Malformed, RecordChunk, RecordProblem } from './source-file.ts';
import { headBytes, usualChunkBytes } from './limits.ts';

/** What all chunks of a file have in common. */
export interface ChunkOf {
  readonly kind: RecordChunk['kind'];
  readonly file: string;
  readonly malformed: Malformed;
  readonly header?: readonly string[];
  readonly headerLine?: number;
  readonly delimiter?: string;
}

/** Bytes that are appended at the end, and leave as chunks at the front. */
export class ChunkBuffer {
  readonly #of: ChunkOf;
  /** A chunk is cut at the first end of a record behind so many bytes. */
  readonly wanted: number;
  /** Bytes to take between one look at that and the next. */
  readonly step: number;
  bytes: Uint8Array;
  length = 0;
  /** Line of the first byte. */
  firstLine: number;
  #problems: RecordProblem[] = [];

  constructor(of: ChunkOf, options: ChunkOptions, firstLine = 1) {
    this.#of = of;
    this.wanted = options.chunkBytes ?? usualChunkBytes;
    this.step = Math.min(headBytes, this.wanted);
    this.bytes = new Uint8Array(Math.max(2 * this.wanted, 1024));
    this.firstLine = firstLine;
  }

  /** Makes room for so many bytes more. */
  reserve(more: number): void {
    if (this.length + more > this.bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.length + more));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
  }

  append(piece: Uint8Array): void {
    this.reserve(piece.length);
    this.bytes.set(piece, this.length);
    this.length += piece.length;
  }

  /** Notes a record that no chunk will hold. */
  report(problem: RecordProblem): void {
    this.#problems.push(problem);
  }

  /** The bytes before `end` as a chunk; what remains begins on `nextLine`. */
  cut(end: number, nextLine: number): RecordChunk {
    const chunk: RecordChunk = {
      ...this.#of,
      firstLine: this.firstLine,
      bytes: this.bytes.slice(0, end),
      ...(this.#problems.length === 0 ? {} : { problems: this.#problems }),
    };
    this.#problems = [];
    this.discard(end, nextLine);
    return chunk;
  }

  /** Forgets the bytes before `end`. */
  discard(end: number, nextLine: number): void {
    this.bytes.copyWithin(0, end, this.length);
    this.length -= end;
    this.firstLine = nextLine;
  }
}
