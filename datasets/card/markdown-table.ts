// Tables in Markdown whose cells cannot break out of them.

export type Cell = string | number;

/** A table; what Markdown or HTML would read as markup in a cell is escaped. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function line(cells: readonly Cell[]): string {
  return `| ${cells.map(escaped).join(' | ')} |`;
}

function escaped(cell: Cell): string {
  return String(cell)
    .replaceAll(/[\\|<>`*_[\]]/gu, String.raw`\$&`)
    .replaceAll('\n', ' ');
}
