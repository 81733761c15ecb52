// Reads the records of a chunk. Synchronous, for any thread.
import type { FieldRecord } from '../source-record.ts';
import { parseCsv } from './parse-csv.ts';
import { parseJsonl } from './parse-jsonl.ts';
import type { RecordChunk } from './source-file.ts';

/**
 * The records in the order of the file, and with `malformed: drop` what is wrong with those that cannot be read.
 * Throws BadInput, with file and line but never a value, for such a record otherwise, and always for a quote of CSV
 * that stands where none may: after it, records cannot be told from one another.
 */
export function parseChunk(chunk: RecordChunk): FieldRecord[] {
  const records = chunk.kind === 'csv' ? parseCsv(chunk) : parseJsonl(chunk);
  return chunk.problems === undefined
    ? records
    : [...records, ...chunk.problems].toSorted((one, other) => one.line - other.line);
}
