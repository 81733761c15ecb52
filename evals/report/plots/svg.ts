// Vega-Lite specifications become SVG text, coloured by the style sheet's variables.
import type { TopLevelSpec } from 'vega-lite';
import { markup } from '../html.ts';
import type { Html } from '../html.ts';

/** Colours are names of CSS variables, so that light, dark and print share one drawing. */
export const ink = {
  text: 'var(--ink)',
  muted: 'var(--muted)',
  line: 'var(--line)',
  accent: 'var(--accent)',
  opponent: 'var(--opponent)',
  bad: 'var(--bad)',
} as const;

/** Lines of up to six arms; the style sheet names the colours for light, dark and print. */
export const series: readonly { readonly color: string; readonly dash: readonly number[] }[] = [
  { color: 'var(--series-1)', dash: [1, 0] },
  { color: 'var(--series-2)', dash: [7, 3] },
  { color: 'var(--series-3)', dash: [2, 2] },
  { color: 'var(--series-4)', dash: [9, 3, 2, 3] },
  { color: 'var(--series-5)', dash: [5, 5] },
  { color: 'var(--series-6)', dash: [1, 3] },
];

/** Draws without a browser, a canvas or the network. Vega escapes the text it draws. */
export async function toSvg(spec: TopLevelSpec): Promise<Html> {
  // Loaded by the first drawing: deciding needs no plot, and the two take longer to load than a contest to decide.
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec: compiled } = compile({
    background: 'transparent',
    padding: 4,
    ...spec,
    config: {
      font: 'system-ui, sans-serif',
      view: { stroke: null },
      axis: {
        labelColor: ink.muted,
        titleColor: ink.muted,
        labelFontSize: 12,
        titleFontSize: 12,
        titleFontWeight: 'normal',
        gridColor: ink.line,
        domainColor: ink.line,
        tickColor: ink.line,
        labelLimit: 240,
      },
      legend: { labelColor: ink.muted, titleColor: ink.muted, labelFontSize: 12 },
    },
  });
  const view = new View(parse(compiled), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    return markup(svg.replace('<svg ', '<svg aria-hidden="true" focusable="false" '));
  } finally {
    view.finalize();
  }
}
