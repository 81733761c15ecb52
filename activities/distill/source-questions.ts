// What the records of a distilled source ask: each distinct input once, and which record belongs to which.
import { canonicalJson } from '../../domain/canonical.ts';
import { comparable } from '../../datasets/comparable-text.ts';
import type { ChunkTask, RowProcessor } from '../../datasets/engine/process-chunk.ts';
import { answeredChunkBytes, firstRecord, type CurateFile } from '../../datasets/engine/read-rows.ts';
import { digestOf } from '../../datasets/engine/row-line.ts';
import type { MappedRow } from '../../datasets/map-row.ts';
import { sourceChunks } from '../../datasets/sources/source-chunks.ts';
import type { Malformed } from '../../datasets/sources/source-file.ts';

/** A distinct input, by the number under which its answer is found. */
export interface SourceQuestion {
  readonly number: number;
  /** As curation leaves it: normalised, and without the personal data that is taken out. */
  readonly row: MappedRow;
}

export interface ReadOptions {
  readonly processor: RowProcessor;
  readonly malformed: Malformed;
  /** Folder for a Parquet file that lies elsewhere. Absolute. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** Number of the question of a record that curation drops whatever is answered. */
export const noQuestion = -1;

/** Reads the files of one source. Memory: about 100 bytes a distinct input and 8 a record. */
export class SourceQuestions {
  readonly #numbers = new Map<string, number>();
  readonly #records: number[][] = [];

  /** Distinct inputs so far. */
  get count(): number {
    return this.#numbers.size;
  }

  /** For each record of the file that was read as the `file`th, the number of its question. */
  recordsOf(file: number): readonly number[] {
    return this.#records[file] ?? [];
  }

  /** Throws BadInput for what curation refuses. */
  async *read(files: readonly CurateFile[], options: ReadOptions): AsyncGenerator<SourceQuestion> {
    for (const file of files) {
      const records: number[] = [];
      this.#records.push(records);
      yield* this.#readFile(file, records, options);
    }
  }

  async *#readFile(
    file: CurateFile,
    records: number[],
    { processor, malformed, scratch, signal }: ReadOptions,
  ): AsyncGenerator<SourceQuestion> {
    let first: Pick<ChunkTask, 'first' | 'firstAt'> | undefined;
    for await (const chunk of sourceChunks(file, { malformed, scratch, chunkBytes: answeredChunkBytes })) {
      first ??= firstRecord(chunk);
      const task = { chunk, source: file.source, ...(first ?? { first: {}, firstAt: file.path }) };
      for (const row of await processor.questions(task, signal)) {
        if ('rule' in row) {
          records.push(noQuestion);
          continue;
        }
        const key = digestOf(comparisonOf(row)).toString('latin1', 0, 16);
        const known = this.#numbers.get(key);
        const number = known ?? this.#numbers.size;
        records.push(number);
        if (known === undefined) {
          this.#numbers.set(key, number);
          yield { number, row };
        }
      }
    }
  }
}

/** Conversations whose user turns are the same may differ in their system turn and their tools. */
function comparisonOf({ input, messages, tools }: MappedRow): string {
  return messages === undefined && tools === undefined
    ? comparable(input)
    : `${comparable(input)}\n${canonicalJson({ messages, tools })}`;
}
