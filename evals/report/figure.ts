// A plot drawn for wide, middling and narrow screens, with its text.
import type { TopLevelSpec } from 'vega-lite';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { toSvg } from './plots/svg.ts';

/** Widths of the plot area in pixels by the class that the style sheet shows on such screens. */
const widths = { wide: 780, middle: 400, narrow: 185 } as const;

/**
 * @param label what the plot shows, in words, for those who do not see it
 * @param draw specification for a plot area of this width in pixels
 */
export async function figure(
  label: string,
  caption: string | Html,
  draw: (width: number) => TopLevelSpec,
): Promise<Html> {
  const drawn = await Promise.all(
    Object.entries(widths).map(async ([name, width]) => html`<div class="${name}">${await toSvg(draw(width))}</div>`),
  );
  return html`<figure>
    <div role="img" aria-label="${label}">${drawn}</div>
    <figcaption>${caption}</figcaption>
  </figure>`;
}
