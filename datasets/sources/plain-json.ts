// A value of a Parquet file as JSON text.
import { isUtf8 } from 'node:buffer';
import { maxDepth } from './limits.ts';

/** A value that JSON cannot hold; the problem names the column and not the value. */
export class UnfitValue {
  readonly problem: string;

  constructor(problem: string) {
    this.problem = problem;
  }
}

/**
 * Whole numbers beyond 2^53 become text, moments ISO 8601, numbers that are none null. Bytes become text when they are
 * UTF-8, as older writers do not mark texts; other bytes are unfit.
 */
export function jsonOf(value: unknown, column: string, depth = 1): string | UnfitValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'number':
      return JSON.stringify(value);
    case 'bigint':
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? String(value) : `"${value}"`;
    case 'undefined':
      return 'null';
    case 'object':
      return value === null ? 'null' : jsonOfObject(value, column, depth);
    case 'function':
    case 'symbol':
    default:
      return unfit(column, 'a value that is no data');
  }
}

function jsonOfObject(value: object, column: string, depth: number): string | UnfitValue {
  if (value instanceof Date) {
    return JSON.stringify(value);
  }
  if (value instanceof Uint8Array) {
    return isUtf8(value) ? JSON.stringify(Buffer.from(value).toString()) : unfit(column, 'bytes that are no text');
  }
  if (depth >= maxDepth) {
    return unfit(column, `values nested more than ${maxDepth} deep`);
  }
  const list = Array.isArray(value) || ArrayBuffer.isView(value);
  const parts: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    const text = jsonOf(member, column, depth + 1);
    if (text instanceof UnfitValue) {
      return text;
    }
    parts.push(list ? text : `${JSON.stringify(name)}:${text}`);
  }
  return list ? `[${parts.join(',')}]` : `{${parts.join(',')}}`;
}

function unfit(column: string, what: string): UnfitValue {
  return new UnfitValue(`holds ${what} in the column ${JSON.stringify(column)}`);
}
