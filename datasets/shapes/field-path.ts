// Columns by name, also those inside nested objects: `metadata.source`.
import { isRecord } from './bounded-value.ts';
import { missingColumn } from '../source-record.ts';

/** Where a value stands in a record. */
export interface FieldPath {
  /** As the recipe writes it. */
  readonly name: string;
  /** One name, or the names from the outside to the inside. */
  readonly parts: readonly [string, ...string[]];
}

/**
 * Finds a column in the first record: the column of exactly that name, else the path that its dots describe.
 * Throws BadInput, with the nearest name, for a column that the record does not have.
 */
export function fieldPath(name: string, first: Readonly<Record<string, unknown>>, where: string): FieldPath {
  const [head, ...rest] = name.split('.');
  if (Object.hasOwn(first, name) || head === undefined || rest.length === 0) {
    requireKey(name, name, first, where);
    return { name, parts: [name] };
  }
  let holder: unknown = first;
  let prefix = '';
  for (const part of [head, ...rest]) {
    if (!isRecord(holder)) {
      break;
    }
    requireKey(part, `${prefix}${part}`, holder, where, prefix);
    holder = holder[part];
    prefix += `${part}.`;
  }
  return { name, parts: [head, ...rest] };
}

/** The value; undefined when the record has no such column, null when only something inside the column is missing. */
export function fieldValue({ parts }: FieldPath, fields: Readonly<Record<string, unknown>>): unknown {
  const [head] = parts;
  if (!Object.hasOwn(fields, head)) {
    return undefined;
  }
  let value = fields[head] ?? null;
  for (let depth = 1; depth < parts.length; depth += 1) {
    const part = parts[depth] ?? '';
    value = isRecord(value) && Object.hasOwn(value, part) ? (value[part] ?? null) : null;
  }
  return value;
}

function requireKey(key: string, wanted: string, holder: object, where: string, prefix = ''): void {
  if (!Object.hasOwn(holder, key)) {
    const present = Object.keys(holder).map((name) => `${prefix}${name}`);
    throw missingColumn(wanted, present, where);
  }
}
