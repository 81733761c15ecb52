// A small drawing of one difference with its interval, zero and the margin, for a table's cell.
import { html } from './html.ts';
import type { Html } from './html.ts';

const width = 160;
const height = 16;

interface BarParts {
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly margin: number;
}

/** @param reach distance from 0 to either end of the drawing; the same for all that stand below each other */
export function intervalBar({ difference, low, high, margin }: BarParts, reach: number): Html {
  const at = (value: number): string => (width / 2 + (value / reach) * (width / 2 - 4)).toFixed(1);
  const line = (value: number, kind: string): Html =>
    html`<line class="${kind}" x1="${at(value)}" x2="${at(value)}" y1="0" y2="${height}" />`;
  const bar =
    low === null || high === null
      ? null
      : html`<line class="bar-range" x1="${at(low)}" x2="${at(high)}" y1="${height / 2}" y2="${height / 2}" />`;
  const point =
    difference === null ? null : html`<circle class="bar-point" cx="${at(difference)}" cy="${height / 2}" r="4" />`;
  return html`<svg
    class="interval"
    aria-hidden="true"
    focusable="false"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
  >
    ${line(0, 'bar-zero')} ${line(-margin, 'bar-margin')} ${bar} ${point}
  </svg>`;
}
