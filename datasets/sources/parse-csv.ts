// Reads the records of a CSV chunk.
import { isAscii, isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import type { FieldRecord } from '../source-record.ts';
import { brokenCsv } from './broken-csv.ts';
import { ByteFinder } from './byte-finder.ts';
import { Fields } from './fields.ts';
import { maxRecordBytes } from './limits.ts';
import { problemOf } from './record-problem.ts';
import type { RecordChunk } from './source-file.ts';

const lf = 0x0a;
const cr = 0x0d;
const quote = 0x22;

/** Strictly after RFC 4180; any line break ends a record, and blank lines are skipped. Unnamed columns are left out. */
export function parseCsv(chunk: RecordChunk): FieldRecord[] {
  const { file, header = [], delimiter = ',' } = chunk;
  const bytes = Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.byteLength);
  const ascii = isAscii(bytes);
  const encoding = ascii ? 'latin1' : 'utf8';
  const sound = ascii || isUtf8(bytes);
  const records: FieldRecord[] = [];
  const [lfs, crs, quoteMarks] = [new ByteFinder(bytes, lf), new ByteFinder(bytes, cr), new ByteFinder(bytes, quote)];
  let start = 0;
  let line = chunk.firstLine;
  let breaks = 0;
  let quotes = 0;
  for (let at = 0; start < bytes.length;) {
    const end = Math.min(lfs.from(at), crs.from(at));
    const mark = quoteMarks.from(at);
    if (mark < end) {
      quotes += 1;
      at = mark + 1;
      continue;
    }
    breaks += 1;
    at = end + (bytes[end] === cr && bytes[end + 1] === lf ? 2 : 1);
    if (quotes % 2 === 1 && end < bytes.length) {
      continue;
    }
    if (end - start > maxRecordBytes) {
      records.push(problemOf(chunk, line, 'record', 'is larger than 1 MiB'));
    } else if (!sound && !isUtf8(bytes.subarray(start, end))) {
      const problem = notUtf8(bytes.toString('latin1', start, end), delimiter, header);
      records.push(problemOf(chunk, line, 'record', problem));
    } else if (end > start) {
      const text = bytes.toString(encoding, start, end);
      records.push(
        record(
          chunk,
          line,
          quotes > 0
            ? (quotedFields(text, delimiter) ?? fieldsByParser(text, delimiter, `${file}:${line}`))
            : text.split(delimiter),
        ),
      );
    }
    line += breaks;
    breaks = 0;
    quotes = 0;
    start = at;
  }
  return records;
}

function record(chunk: RecordChunk, line: number, values: readonly string[]): FieldRecord {
  const names = chunk.header ?? [];
  if (values.length !== names.length) {
    return problemOf(chunk, line, 'row', `has ${values.length} fields and the header ${names.length}`);
  }
  const fields = new Fields();
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? '';
    if (name !== '') {
      fields[name] = values[index];
    }
  }
  return { line, fields };
}

/** The fields of a record whose quotes all stand where they may; undefined for others. */
function quotedFields(text: string, delimiter: string): string[] | undefined {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let end: number;
    if (text.charCodeAt(at) === quote) {
      end = at + 1;
      let doubled = false;
      for (;;) {
        end = text.indexOf('"', end);
        if (end === -1) {
          return undefined;
        }
        if (text.charCodeAt(end + 1) !== quote) {
          break;
        }
        doubled = true;
        end += 2;
      }
      const inner = text.slice(at + 1, end);
      fields.push(doubled ? inner.replaceAll('""', '"') : inner);
      end += 1;
      if (end < text.length && text[end] !== delimiter) {
        return undefined;
      }
    } else {
      end = text.indexOf(delimiter, at);
      end = end === -1 ? text.length : end;
      const field = text.slice(at, end);
      if (field.includes('"')) {
        return undefined;
      }
      fields.push(field);
    }
    if (end === text.length) {
      return fields;
    }
    at = end + 1;
  }
}

/** What csv-parse makes of the record: mostly an error that says what is wrong. */
function fieldsByParser(text: string, delimiter: string, where: string): readonly string[] {
  try {
    const options = { delimiter, record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true };
    return parse(text, options).flat();
  } catch (error) {
    throw brokenCsv(error, where);
  }
}

/** Which field is broken. `latin1` holds a byte in each character. */
function notUtf8(latin1: string, delimiter: string, header: readonly string[]): string {
  const fields = quotedFields(latin1, delimiter) ?? latin1.split(delimiter);
  const index = fields.findIndex((field) => !isUtf8(Buffer.from(field, 'latin1')));
  const name = header[index];
  return index === -1 || name === undefined
    ? 'is not UTF-8'
    : `holds bytes that are not UTF-8 in field ${index + 1} (${JSON.stringify(name)})`;
}
