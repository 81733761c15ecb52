// What every shape makes of a record, and what createMapper gets from it.
import type { DropRule } from '../../domain/dataset.ts';
import type { ColumnMap } from '../map-row.ts';
import type { Conversation } from './conversation-row.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Why a record makes no row. `detail` never holds text of the row. */
export interface Drop {
  readonly rule: DropRule;
  readonly detail: string;
}

export interface ShapeRow extends Conversation {
  readonly rejected?: string;
  /** Model that answered, where the record names it. */
  readonly model?: string;
}

export type ShapeReader = (fields: Fields) => ShapeRow | Drop;

/** What a shape is told once, before the first row. */
export interface ShapeOptions {
  readonly map: ColumnMap;
  /** The first record. */
  readonly first: Fields;
  /** File and line of the first record, for errors. */
  readonly where: string;
  /** True where only questions are read, since a teacher will answer them. */
  readonly asked: boolean;
}

export function badConversation(detail: string): Drop {
  return { rule: 'bad_conversation', detail };
}

/** The row, or the drop that its problem makes. */
export function rowOrDrop(row: Conversation | string): ShapeRow | Drop {
  return typeof row === 'string' ? badConversation(row) : row;
}
