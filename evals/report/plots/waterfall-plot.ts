// From the rows that were read to those that were kept: what each rule took away.
import type { TopLevelSpec } from 'vega-lite';
import { armAxis, ticks } from './plot-arms.ts';
import { ink } from './svg.ts';

export interface WaterfallStep {
  readonly name: string;
  readonly kind: 'left' | 'dropped';
  /** Rows between which the bar stands. */
  readonly from: number;
  readonly to: number;
}

export function waterfallPlot(steps: readonly WaterfallStep[], width: number): TopLevelSpec {
  const most = Math.max(1, ...steps.map(({ to }) => to));
  const values = steps.map((step) => {
    const rows = step.to - step.from;
    return { ...step, text: step.kind === 'left' ? rows.toLocaleString('en') : `−${rows.toLocaleString('en')}` };
  });
  // Room for the numbers, which stand to the right of the bars.
  const x = {
    type: 'quantitative' as const,
    title: 'Rows',
    scale: { domain: [0, most * (width < 400 ? 1.5 : 1.12)], nice: false },
    axis: { tickCount: ticks(width), format: width < 400 ? '~s' : ',d' },
  };
  const y = { field: 'name', type: 'nominal' as const, sort: null, title: null, axis: armAxis(width) };
  const color = {
    field: 'kind',
    type: 'nominal' as const,
    legend: null,
    scale: { domain: ['left', 'dropped'], range: [ink.accent, ink.opponent] },
  };
  return {
    width,
    height: { step: 26 },
    data: { values },
    layer: [
      {
        mark: { type: 'bar', height: 14, minBandSize: 1 },
        encoding: { y, x: { field: 'from', ...x }, x2: { field: 'to' }, color },
      },
      {
        mark: { type: 'text', align: 'left', dx: 6, fontSize: 12 },
        encoding: { y, x: { field: 'to', ...x }, text: { field: 'text' }, color },
      },
    ],
  };
}
