// How many answers had come after how long, for every arm.
import type { TopLevelSpec } from 'vega-lite';
import { seriesScales } from './plot-arms.ts';
import { ink } from './svg.ts';

export interface LatencyPoint {
  readonly arm: string;
  readonly ms: number;
  /** Share of answers, in per cent, that took this long at most. */
  readonly share: number;
}

/** @param limit highest 95th percentile that the policy allows, in milliseconds; null for none */
export function latencyPlot(
  points: readonly LatencyPoint[],
  names: readonly string[],
  limit: number | null,
  width: number,
): TopLevelSpec {
  const x = {
    type: 'quantitative',
    title: 'Milliseconds, logarithmic',
    scale: { type: 'log', nice: false },
    axis: { tickCount: width < 400 ? 3 : 6, format: ',~r', grid: false },
  } as const;
  const y = {
    type: 'quantitative' as const,
    title: 'Answers that had come, %',
    scale: { domain: [0, 100] },
    axis: { values: [0, 25, 50, 75, 95] },
  };
  const scales = seriesScales(names);
  const legend = {
    title: null,
    orient: 'top',
    columns: width < 400 ? 1 : 3,
    labelLimit: 300,
    symbolSize: 500,
    symbolStrokeWidth: 2,
  } as const;
  const limits = limit === null ? [] : [{ ms: limit, text: 'limit of p95' }];
  return {
    width: width + 110,
    height: 240,
    layer: [
      {
        data: { values: [...points] },
        mark: { type: 'line', strokeWidth: 2, interpolate: 'step-after' },
        encoding: {
          x: { field: 'ms', ...x },
          y: { field: 'share', ...y },
          color: { field: 'arm', type: 'nominal', sort: null, scale: scales.color, legend },
          strokeDash: { field: 'arm', type: 'nominal', sort: null, scale: scales.strokeDash, legend },
        },
      },
      {
        data: { values: limits },
        mark: { type: 'rule', color: ink.bad, strokeWidth: 1.5, strokeDash: [5, 4] },
        encoding: { x: { field: 'ms', ...x } },
      },
      {
        data: { values: limits },
        mark: { type: 'text', color: ink.bad, align: 'right', dx: -5, y: 230, fontSize: 12 },
        encoding: { x: { field: 'ms', ...x }, text: { field: 'text' } },
      },
    ],
  };
}
