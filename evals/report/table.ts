// Tables that become cards on a narrow screen.
import { html } from './html.ts';
import type { Html } from './html.ts';

/** One column; numbers are set right. */
export interface Column {
  readonly title: string;
  readonly numeric?: boolean;
}

/** One cell: its content, and optionally a class for its state. */
export type Cell = Html | string | number;

/**
 * A table with a caption for screen readers. Every cell carries its column's title, which the style sheet shows
 * where the table is stacked.
 *
 * @param options `compact` keeps a table of few columns as narrow as its text; `faint` greys rows by their number
 * @param rows one list of cells a row; the first cell names the row
 */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  options: { readonly id?: string; readonly compact?: boolean; readonly faint?: readonly boolean[] } = {},
): Html {
  const kind = (index: number): string => (columns[index]?.numeric === true ? 'number' : '');
  return html`<div class="scroll">
    <table id="${options.id ?? slug(caption)}" class="stack${options.compact === true ? ' compact' : ''}">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ title }, index) => html`<th scope="col" class="${kind(index)}">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells, row) =>
            html`<tr class="${options.faint?.[row] === true ? 'faint' : ''}">
              ${cells.map((cell, index) => {
                const title = columns[index]?.title ?? '';
                return index === 0
                  ? html`<th scope="row" data-label="${title}">${cell}</th>`
                  : html`<td class="${kind(index)}" data-label="${title}"><span>${cell}</span></td>`;
              })}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

function slug(caption: string): string {
  return caption.toLowerCase().replaceAll(/[^a-z0-9]+/gu, '-');
}
