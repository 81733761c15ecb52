// Records as text, piece by piece: JSON Lines, a JSON array, and tables after RFC 4180.
import type { TableColumn } from './table-columns.ts';

type Fields = Readonly<Record<string, unknown>>;

export async function* jsonLines(rows: AsyncIterable<Fields>): AsyncGenerator<string> {
  for await (const row of rows) {
    yield `${JSON.stringify(row)}\n`;
  }
}

export async function* jsonArray(rows: AsyncIterable<Fields>): AsyncGenerator<string> {
  let before = '[\n';
  for await (const row of rows) {
    yield before + JSON.stringify(row);
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/**
 * A header and a line a row, ended by CRLF. Cells are written as they are: one that begins with `=` is a formula to a
 * spreadsheet, and still the text that a model learns.
 */
export async function* tableLines(
  rows: AsyncIterable<Fields>,
  columns: readonly TableColumn[],
  delimiter: ',' | '\t',
): AsyncGenerator<string> {
  const line = (cells: readonly string[]): string =>
    `${cells.map((text) => cell(text, delimiter)).join(delimiter)}\r\n`;
  yield line(columns.map(({ name }) => name));
  for await (const row of rows) {
    yield line(columns.map(({ name }) => textOf(row[name])));
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
}

function cell(text: string, delimiter: string): string {
  return text.includes('"') || text.includes(delimiter) || text.includes('\n') || text.includes('\r')
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}
