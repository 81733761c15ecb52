// Finds the header of a CSV file, and the delimiter.
import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { BadInput } from '../../domain/bad-input.ts';
import { brokenCsv } from './broken-csv.ts';
import { headBytes, maxColumns, maxRecordBytes } from './limits.ts';
import type { SourceFile } from './source-file.ts';

export interface CsvHeader {
  readonly names: readonly string[];
  readonly delimiter: string;
  readonly line: number;
  /** Offset behind the header and its line break, and the line there. */
  readonly end: number;
  readonly nextLine: number;
}

const candidates = [',', ';', '\t', '|'];
const recordsLookedAt = 20;

/**
 * The first record that is not blank. `head` is the beginning of the file, in UTF-8, up to one byte more than a record
 * may have. Throws BadInput for a header that is missing, too large, broken, or names a column twice.
 */
export function csvHeader(
  head: Buffer,
  { path, delimiter: stated, tabs }: Pick<SourceFile, 'path' | 'delimiter'> & { readonly tabs: boolean },
): CsvHeader {
  let start = 0;
  while (head[start] === 0x0a || head[start] === 0x0d) {
    start += 1;
  }
  const line = lineBreaks(head.subarray(0, start)) + 1;
  const where = `${path}:${line}`;
  if (start === head.length) {
    const blank = head.length >= headBytes;
    throw new BadInput(blank ? 'no header is found among the blank lines at the beginning' : 'the file is empty', {
      where: path,
    });
  }
  const end = recordEnd(head, start);
  if (end === undefined && head.length > maxRecordBytes) {
    throw new BadInput('the header is larger than 1 MiB', { where });
  }
  const after = end ?? head.length;
  const bytes = head.subarray(start, after);
  if (!isUtf8(bytes)) {
    throw new BadInput('the header is not UTF-8', { where, hint: 'Save the file as UTF-8, or state its `encoding`.' });
  }
  const delimiter = stated ?? (tabs ? '\t' : likelyDelimiter(head.subarray(start, start + headBytes)));
  if (/["\r\n]/u.test(delimiter)) {
    throw new BadInput('a quote or a line break cannot be the delimiter', { where: path });
  }
  return {
    names: columnNames(bytes.toString(), delimiter, where),
    delimiter,
    line,
    end: after,
    nextLine: line + lineBreaks(bytes),
  };
}

function columnNames(text: string, delimiter: string, where: string): string[] {
  const fields = text.split(delimiter).length;
  if (fields > maxColumns) {
    throw new BadInput(`the header has ${fields} columns, and ${maxColumns} are allowed`, {
      where,
      hint: 'Is the delimiter right? `delimiter` in the source states another.',
    });
  }
  let names: string[] = [];
  try {
    // csv-parse states no type for records without options of columns.
    names = parse(text, { delimiter, record_delimiter: ['\r\n', '\n', '\r'] }).flat();
  } catch (error) {
    throw brokenCsv(error, where);
  }
  const seen = new Set<string>();
  for (const name of names) {
    if (name !== '' && seen.has(name)) {
      throw new BadInput(`the header names the column ${JSON.stringify(name)} twice`, { where });
    }
    seen.add(name);
  }
  return names;
}

/**
 * The candidate by which most of the first records have as many fields as the header, which must have two or more;
 * among equals the one with more columns. A comma when there is none.
 */
function likelyDelimiter(head: Buffer): string {
  let best = { delimiter: ',', agreeing: 0, columns: 1 };
  for (const delimiter of candidates) {
    const counts = fieldCounts(head, delimiter.charCodeAt(0));
    const columns = counts[0] ?? 1;
    const agreeing = counts.filter((count) => count === columns).length;
    if (columns > 1 && (agreeing > best.agreeing || (agreeing === best.agreeing && columns > best.columns))) {
      best = { delimiter, agreeing, columns };
    }
  }
  return best.delimiter;
}

/** Fields of the first whole records. */
function fieldCounts(head: Buffer, delimiter: number): number[] {
  const counts: number[] = [];
  let fields = 1;
  let quoted = false;
  let blank = true;
  for (const byte of head) {
    if (byte === 0x22) {
      quoted = !quoted;
    } else if (!quoted && byte === delimiter) {
      fields += 1;
    } else if (!quoted && (byte === 0x0a || byte === 0x0d)) {
      if (!blank) {
        counts.push(fields);
      }
      fields = 1;
      blank = true;
      if (counts.length === recordsLookedAt) {
        break;
      }
      continue;
    }
    blank = false;
  }
  // A file of one line has no whole record.
  return counts.length === 0 ? [fields] : counts;
}

/** Offset behind the record's line break; undefined when it does not end here. */
function recordEnd(bytes: Buffer, start: number): number | undefined {
  let quoted = false;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === 0x22) {
      quoted = !quoted;
    } else if (!quoted && (byte === 0x0a || byte === 0x0d)) {
      return byte === 0x0d && bytes[at + 1] === 0x0a ? at + 2 : at + 1;
    }
  }
  return undefined;
}

function lineBreaks(bytes: Buffer): number {
  return bytes.toString('latin1').match(/\r\n?|\n/gu)?.length ?? 0;
}
