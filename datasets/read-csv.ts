// Reads CSV and TSV as a stream of records, strictly after RFC 4180, and says where a file is broken.
import { isUtf8 } from 'node:buffer';
import { pipeline, Readable } from 'node:stream';
import { CsvError, Parser } from 'csv-parse';
import type { InfoRecord } from 'csv-parse';
import { BadInput } from '../domain/bad-input.ts';
import { LineIndex } from './line-index.ts';
import { maxRecordBytes, missingColumn } from './source-record.ts';
import type { ReadOptions, SourceRecord } from './source-record.ts';
import { withoutByteOrderMark } from './utf8-source.ts';

/**
 * The records after the header. Throws BadInput, naming file and line but never a value, for an empty file, a
 * header without rows, a duplicate or missing column, a record with another number of fields than the header, a
 * misplaced or unclosed quote, bytes that are not UTF-8, and a record of more than 1 MiB. Blank lines are skipped.
 */
export async function* readCsv(
  source: AsyncIterable<Uint8Array>,
  options: ReadOptions & { readonly delimiter: ',' | '\t' },
): AsyncGenerator<SourceRecord> {
  const { file, delimiter, columns } = options;
  const lines = new LineIndex();
  let done = { bytes: 0, emptyLines: 0 };
  const startAfter = (info: { bytes: number; empty_lines: number }, previous: typeof done): number =>
    lines.lineAt(previous.bytes) + info.empty_lines - previous.emptyLines;
  let parsed = done;
  const parser = new Parser({
    delimiter,
    // Fields stay bytes, so that bytes that are no UTF-8 can be told apart.
    encoding: null,
    info: true,
    max_record_size: maxRecordBytes,
    on_record: (record, { bytes, empty_lines: emptyLines }) => {
      parsed = { bytes, emptyLines };
      return record;
    },
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
  });
  // Errors of the source destroy the parser and surface in the loop below.
  pipeline(Readable.from(followed(withoutByteOrderMark(source, file), lines)), parser, () => undefined);

  let header: string[] | undefined;
  let picked: number[] = [];
  let rows = 0;
  try {
    for await (const item of parser) {
      const { record, info }: { record: Buffer[]; info: InfoRecord } = item;
      const line = startAfter(info, done);
      done = { bytes: info.bytes, emptyLines: info.empty_lines };
      lines.forgetBefore(done.bytes);
      checkRecord(record, header, `${file}:${line}`);
      if (header === undefined) {
        header = record.map(String);
        picked = pickColumns(header, columns, `${file}:${line}`);
      } else {
        rows += 1;
        yield { line, values: picked.map((index) => String(record[index])) };
      }
    }
  } catch (error) {
    throw error instanceof CsvError ? broken(error, file, startAfter(parser.info, parsed)) : error;
  }
  if (rows === 0) {
    throw new BadInput(header === undefined ? 'the file is empty' : 'the file has a header and no rows', {
      where: file,
    });
  }
}

async function* followed(source: AsyncIterable<Uint8Array>, lines: LineIndex): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    lines.push(chunk);
    yield chunk;
  }
}

function checkRecord(record: readonly Buffer[], header: readonly string[] | undefined, where: string): void {
  if (header !== undefined && record.length !== header.length) {
    throw new BadInput(`the row has ${record.length} fields and the header ${header.length}`, {
      where,
      hint: 'Quote fields that hold the delimiter, and double the quotes inside quoted fields.',
    });
  }
  const wrong = record.findIndex((field) => !isUtf8(field));
  if (wrong !== -1) {
    const name = header === undefined ? 'of the header' : `(${JSON.stringify(header[wrong])})`;
    throw new BadInput(`field ${wrong + 1} ${name} is not UTF-8`, { where, hint: 'Save the file as UTF-8.' });
  }
  if (record.reduce((sum, field) => sum + field.length, 0) > maxRecordBytes) {
    throw new BadInput('the record is larger than 1 MiB', { where });
  }
}

function pickColumns(header: readonly string[], columns: readonly string[], where: string): number[] {
  const twice = header.find((name, index) => name !== '' && header.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new BadInput(`the header names the column ${JSON.stringify(twice)} twice`, { where });
  }
  return columns.map((column) => {
    const index = header.indexOf(column);
    if (index === -1) {
      throw missingColumn(column, header, where);
    }
    return index;
  });
}

// The parser's own messages quote values, so neither they nor the error itself are passed on.
function broken(error: CsvError, file: string, line: number): BadInput {
  const field = typeof error['column'] === 'number' ? `field ${error['column'] + 1}` : 'a field';
  const problem = problems.get(error.code) ?? `cannot be read (${error.code})`;
  return new BadInput(`${field} of the record ${problem}`, {
    where: `${file}:${line}`,
    hint: 'Quote fields that hold quotes, delimiters or line breaks, and double the quotes inside them.',
  });
}

const problems = new Map<string, string>([
  ['CSV_QUOTE_NOT_CLOSED', 'opens a quote that is never closed'],
  ['CSV_MAX_RECORD_SIZE', 'is larger than 1 MiB; a quote may be unclosed'],
  ['CSV_INVALID_CLOSING_QUOTE', 'goes on after its closing quote'],
  ['INVALID_OPENING_QUOTE', 'holds a quote and is not quoted'],
]);
