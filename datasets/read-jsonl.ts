// Reads JSONL as a stream of records, and says where a file is broken.
import { isUtf8 } from 'node:buffer';
import { BadInput } from '../domain/bad-input.ts';
import { byteLines } from './byte-lines.ts';
import { maxRecordBytes, missingColumn } from './source-record.ts';
import type { ReadOptions, SourceRecord } from './source-record.ts';
import { withoutByteOrderMark } from './utf8-source.ts';

/**
 * One record a line; blank lines are skipped. Numbers and booleans become text, null becomes empty text. A line
 * whose mapped key is missing or holds an object or array (unless it is a JSON column) is yielded with its problem, so that it is listed as
 * dropped. Throws BadInput, naming file and line but never a value, for a file without lines, a line that is not
 * a JSON object in UTF-8 or is larger than 1 MiB, and a key that the first line does not have.
 */
export async function* readJsonl(
  source: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<SourceRecord> {
  const { file, columns, jsonColumns = [] } = options;
  let rows = 0;
  for await (const { line, bytes } of byteLines(withoutByteOrderMark(source, file), {
    file,
    maxBytes: maxRecordBytes,
  })) {
    const members = parseLine(bytes, `${file}:${line}`);
    if (members === undefined) {
      continue;
    }
    const absent = columns.find((column) => !Object.hasOwn(members, column));
    if (absent !== undefined && rows === 0) {
      throw missingColumn(absent, Object.keys(members), `${file}:${line}`);
    }
    rows += 1;
    yield absent === undefined
      ? pickValues(members, columns, jsonColumns, line)
      : { line, problem: `has no key ${JSON.stringify(absent)}` };
  }
  if (rows === 0) {
    throw new BadInput('the file has no rows', { where: file });
  }
}

function pickValues(
  members: object,
  columns: readonly string[],
  jsonColumns: readonly string[],
  line: number,
): SourceRecord {
  const values: string[] = [];
  for (const column of columns) {
    const value: unknown = Reflect.get(members, column);
    if (typeof value === 'object' && value !== null && !jsonColumns.includes(column)) {
      return {
        line,
        problem: `the value of ${JSON.stringify(column)} is ${Array.isArray(value) ? 'an array' : 'an object'}`,
      };
    }
    values.push(typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value));
  }
  return { line, values };
}

const decoder = new TextDecoder();

function parseLine(bytes: Uint8Array, where: string): object | undefined {
  if (!isUtf8(bytes)) {
    throw new BadInput('the line is not UTF-8', { where, hint: 'Save the file as UTF-8.' });
  }
  const text = decoder.decode(bytes).trim();
  if (text === '') {
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the line, so it is not passed on.
    throw new BadInput('the line is not valid JSON', { where, hint: 'JSONL holds one JSON object a line.' });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadInput('the line is not a JSON object', { where, hint: 'JSONL holds one JSON object a line.' });
  }
  return value;
}
