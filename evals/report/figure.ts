// A plot drawn twice, for wide and for narrow screens, with its text.
import type { TopLevelSpec } from 'vega-lite';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { toSvg } from './svg.ts';

/**
 * @param label what the plot shows, in words, for those who do not see it
 * @param draw specification for a plot area of this width in pixels
 */
export async function figure(label: string, caption: string, draw: (width: number) => TopLevelSpec): Promise<Html> {
  const [wide, narrow] = await Promise.all([toSvg(draw(780)), toSvg(draw(185))]);
  return html`<figure role="img" aria-label="${label}">
    <div class="wide">${wide}</div>
    <div class="narrow">${narrow}</div>
    <figcaption>${caption}</figcaption>
  </figure>`;
}
