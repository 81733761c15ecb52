// Tables have the same columns in every row: which ones, and what stands in them.
import type { Exported } from './export-row.ts';

/** Columns are found in so many rows; a column that comes up later has no place. */
export const rowsLookedAt = 1000;

export interface TableColumn {
  readonly name: string;
  /** True where cells are lists or objects, which tables hold as JSON. */
  readonly nested: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** A row with its tags as columns `tags.NAME`, as tables without nesting hold them. */
export function withTagColumns({ tags, ...rest }: Fields): Fields {
  return typeof tags === 'object' && tags !== null
    ? {
        ...rest,
        ...Object.fromEntries(Object.entries(tags).map(([name, value]): [string, unknown] => [`tags.${name}`, value])),
      }
    : rest;
}

/** The columns of these rows, in the order in which they come up. */
export function tableColumns(rows: readonly Fields[]): TableColumn[] {
  const nested = new Map<string, boolean>();
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      nested.set(name, typeof value === 'object' || nested.get(name) === true);
    }
  }
  return [...nested].map(([name, isNested]) => ({ name, nested: isNested }));
}

/** Cells that readers take for JSON; elsewhere JSON text is text. */
const jsonCells: ReadonlySet<string> = new Set(['messages', 'conversations', 'history', 'tools']);

/**
 * The row, unless it has a cell without a column, text where other rows have lists, or, in a table of text cells, a
 * list that would come back as text.
 */
export function fitting(fields: Fields, columns: readonly TableColumn[], textCells: boolean): Exported {
  for (const [name, value] of Object.entries(fields)) {
    const column = columns.find((one) => one.name === name);
    if (column === undefined) {
      return { unfit: `a column ${JSON.stringify(name)} that the first ${rowsLookedAt} rows have not` };
    }
    const nested = typeof value === 'object';
    if (nested && textCells && !jsonCells.has(name)) {
      return { unfit: `a conversation in the column ${JSON.stringify(name)}, whose cells are text` };
    }
    if (column.nested !== nested) {
      return { unfit: `text in the column ${JSON.stringify(name)}, where other rows have a conversation` };
    }
  }
  return { fields };
}
