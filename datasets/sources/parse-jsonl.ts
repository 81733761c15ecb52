// Reads the records of a chunk of JSON Lines.
import { isAscii, isUtf8 } from 'node:buffer';
import type { FieldRecord } from '../source-record.ts';
import { Fields } from './fields.ts';
import { maxDepth, maxRecordBytes } from './limits.ts';
import { problemOf } from './record-problem.ts';
import type { RecordChunk } from './source-file.ts';

const lf = 0x0a;

/** One object a line; blank lines are skipped. */
export function parseJsonl(chunk: RecordChunk): FieldRecord[] {
  const bytes = Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.byteLength);
  const ascii = isAscii(bytes);
  const encoding = ascii ? 'latin1' : 'utf8';
  const sound = ascii || isUtf8(bytes);
  const records: FieldRecord[] = [];
  let line = chunk.firstLine;
  for (let start = 0; start < bytes.length; line += 1) {
    const found = bytes.indexOf(lf, start);
    const end = found === -1 ? bytes.length : found;
    if (end - start > maxRecordBytes) {
      records.push(problemOf(chunk, line, 'record', 'is larger than 1 MiB'));
    } else if (!sound && !isUtf8(bytes.subarray(start, end))) {
      records.push(problemOf(chunk, line, 'line', 'is not UTF-8'));
    } else if (end > start) {
      const record = parseLine(bytes.toString(encoding, start, end), line, chunk);
      if (record !== undefined) {
        records.push(record);
      }
    }
    start = end + 1;
  }
  return records;
}

const hint =
  'JSON Lines hold one JSON object a line; `format: json` is for a file that is one array. `curate.malformed: drop` lists other lines as dropped.';

function parseLine(text: string, line: number, chunk: RecordChunk): FieldRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the line, so it is not passed on.
    return text.trim() === '' ? undefined : problemOf(chunk, line, 'line', 'is not valid JSON', hint);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return problemOf(chunk, line, 'line', 'is not a JSON object', hint);
  }
  const fields = new Fields();
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'object' && member !== null && !isWithin(member, maxDepth - 1)) {
      return problemOf(chunk, line, 'record', `holds values nested more than ${maxDepth} deep`);
    }
    fields[name] = member;
  }
  return { line, fields };
}

/** True when no list or object lies deeper than `levels` levels, this one being the first. */
function isWithin(value: object, levels: number): boolean {
  if (levels === 0) {
    return false;
  }
  if (Array.isArray(value)) {
    for (const item of value) {
      if (typeof item === 'object' && item !== null && !isWithin(item, levels - 1)) {
        return false;
      }
    }
    return true;
  }
  for (const name of Object.keys(value)) {
    const member: unknown = Reflect.get(value, name);
    if (typeof member === 'object' && member !== null && !isWithin(member, levels - 1)) {
      return false;
    }
  }
  return true;
}
