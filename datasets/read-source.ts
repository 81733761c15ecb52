// Reads one source of a recipe, whatever its format: the values of chosen columns, record by record.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMapper, type MappedSource } from './shapes/create-mapper.ts';
import { missingColumn } from './source-record.ts';
import type { FieldRecord, ReadOptions, SourceRecord } from './source-record.ts';
import { parseChunk } from './sources/parse-chunk.ts';
import { sourceChunks } from './sources/source-chunks.ts';
import type { Malformed, RecordChunk, SourceFile } from './sources/source-file.ts';

/**
 * The records of a file with the values of these columns. Numbers and booleans become text, null becomes empty text. A
 * record whose key is missing or holds an object or array (unless it is a JSON column) is yielded with its problem.
 * Throws BadInput, naming file and line but never a value, for a column that the first record does not have, and as
 * `sourceChunks` and `parseChunk` do.
 */
export async function* readRecords(
  source: SourceFile,
  { columns, jsonColumns = [] }: Omit<ReadOptions, 'file'>,
  malformed: Malformed = 'stop',
): AsyncGenerator<SourceRecord> {
  const scratch = join(tmpdir(), 'contender-sources');
  let first = true;
  for await (const chunk of sourceChunks(source, { malformed, scratch })) {
    for (const record of parseChunk(chunk)) {
      if (first && !('problem' in record)) {
        first = false;
        checkColumns(record, columns, chunk);
      }
      yield 'problem' in record ? record : pickValues(record, columns, jsonColumns);
    }
  }
}

/**
 * Reads up to the first record and finds out its shape. Throws BadInput for a missing column, a shape that cannot be
 * told, an empty file and the like.
 */
export async function checkHeader(source: SourceFile & MappedSource): Promise<void> {
  const scratch = join(tmpdir(), 'contender-sources');
  // Records that cannot be read are the business of curation.
  for await (const chunk of sourceChunks(source, { malformed: 'drop', scratch })) {
    for (const record of parseChunk(chunk)) {
      if ('fields' in record) {
        createMapper(source, record.fields, `${chunk.file}:${chunk.headerLine ?? record.line}`);
        return;
      }
    }
  }
}

function checkColumns(
  { line, fields }: Extract<FieldRecord, { fields: unknown }>,
  columns: readonly string[],
  { file, headerLine, header }: RecordChunk,
): void {
  const absent = columns.find((column) => !Object.hasOwn(fields, column));
  if (absent !== undefined) {
    throw missingColumn(absent, header ?? Object.keys(fields), `${file}:${headerLine ?? line}`);
  }
}

function pickValues(
  { line, fields }: Extract<FieldRecord, { fields: unknown }>,
  columns: readonly string[],
  jsonColumns: readonly string[],
): SourceRecord {
  const values: string[] = [];
  for (const column of columns) {
    const value = fields[column];
    if (value === undefined) {
      return { line, problem: `has no key ${JSON.stringify(column)}` };
    }
    if (typeof value === 'object' && value !== null && !jsonColumns.includes(column)) {
      const kind = Array.isArray(value) ? 'an array' : 'an object';
      return { line, problem: `the value of ${JSON.stringify(column)} is ${kind}` };
    }
    values.push(typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value));
  }
  return { line, values };
}
