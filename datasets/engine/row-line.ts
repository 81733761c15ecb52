// A row as it is stored: its id, its canonical JSON line, and the hashes by which it is told from others.
import { hash } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical.ts';
import type { MappedRow } from '../map-row.ts';

/** Members of a row in canonical order, written by hand because every row of a dataset passes here. */
export function contentJson({ input, output, rejected, group, messages, tools }: MappedRow): string {
  return `{${group === undefined ? '' : `"group":${JSON.stringify(group)},`}"input":${JSON.stringify(input)},${
    messages === undefined ? '' : `"messages":${canonicalJson(messages)},`
  }"output":${JSON.stringify(output)}${rejected === undefined ? '' : `,"rejected":${JSON.stringify(rejected)}`}${
    tools === undefined ? '' : `,"tools":${canonicalJson(tools)}`
  }}`;
}

/** First 96 bits of the digest of the row's content, in hexadecimal. */
export function rowId(row: MappedRow): string {
  return hash('sha256', contentJson(row), 'hex').slice(0, 24);
}

/** The canonical JSON line (without line feed) of `datasetRowSchema`. `origin` is canonical JSON. */
export function rowJson(id: string, row: MappedRow, origin: string): string {
  const { input, output, rejected, group, messages, tools, tags, time } = row;
  return `{${group === undefined ? '' : `"group":${JSON.stringify(group)},`}"id":"${id}","input":${JSON.stringify(input)},${
    messages === undefined ? '' : `"messages":${canonicalJson(messages)},`
  }"origin":${origin},"output":${JSON.stringify(output)}${
    rejected === undefined ? '' : `,"rejected":${JSON.stringify(rejected)}`
  }${tags === undefined ? '' : `,"tags":${canonicalJson(tags)}`}${
    time === undefined ? '' : `,"time":${JSON.stringify(time)}`
  }${tools === undefined ? '' : `,"tools":${canonicalJson(tools)}`}}`;
}

/** First 32 bits of the digest of a text. */
export function hash32(text: string): number {
  return hash('sha256', text, 'buffer').readUInt32BE(0);
}

/** Digest of a text as a buffer. */
export function digestOf(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
