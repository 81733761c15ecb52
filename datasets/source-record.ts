// What a reader yields: one record of a source file with the values of the mapped columns.
import { BadInput } from '../domain/bad-input.ts';
import { closest } from 'fastest-levenshtein';

/** A record that starts on `line` (from 1): the values of the columns asked for, in that order, or what is wrong with it. */
export type SourceRecord =
  { readonly line: number; readonly values: readonly string[] } | { readonly line: number; readonly problem: string };

/** What a reader needs to know of a file. `file` is the name used in messages. */
export interface ReadOptions {
  readonly file: string;
  /** Names of the columns (or keys) to read. */
  readonly columns: readonly string[];
  /** Keys of JSONL whose objects and arrays are taken as JSON text; elsewhere such values are problems. */
  readonly jsonColumns?: readonly string[];
}

/** The error for a column that the file does not have. */
export function missingColumn(wanted: string, present: readonly string[], where: string): BadInput {
  const shown = present.slice(0, 30).map((name) => JSON.stringify(name));
  const more = present.length > shown.length ? `, and ${present.length - shown.length} more` : '';
  const nearest = present.length === 0 ? '' : `Did you mean ${JSON.stringify(closest(wanted, [...present]))}? `;
  return new BadInput(`there is no column ${JSON.stringify(wanted)}`, {
    where,
    hint: `${nearest}Columns: ${shown.join(', ')}${more}.`,
  });
}

/** A record with all its fields by name (an object without a prototype), or what is wrong with it. `line` counts from 1. */
export type FieldRecord =
  | { readonly line: number; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly line: number; readonly problem: string };
