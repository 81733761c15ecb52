// All arms on one axis with their intervals, and the line that the candidate must not fall below.
import type { TopLevelSpec } from 'vega-lite';
import type { Role } from './plot-arms.ts';
import { armAxis, roleColor, roleShape, ticks } from './plot-arms.ts';
import { ink } from './svg.ts';

export interface ArmPoint {
  readonly arm: string;
  readonly role: Role;
  /** Values as they are written on the axis: per cent, or the metric itself. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly text: string;
}

/**
 * @param title name of the axis with its unit
 * @param line value of the deciding baseline less the margin; null where it has none
 * @param from lowest value of the axis
 */
export function armsPlot(
  points: readonly ArmPoint[],
  { title, line, from }: { readonly title: string; readonly line: number | null; readonly from: number },
  width: number,
): TopLevelSpec {
  const x = { type: 'quantitative', title, axis: { tickCount: ticks(width) } } as const;
  const scale = { domainMin: from, nice: true } as const;
  const y = { field: 'arm', type: 'nominal', sort: null, title: null, axis: armAxis(width) } as const;
  const margin = line === null ? [] : [{ at: line, text: 'baseline − margin' }];
  return {
    width,
    height: { step: 38 },
    layer: [
      {
        data: { values: margin },
        mark: { type: 'rule', color: ink.bad, strokeWidth: 1.5, strokeDash: [5, 4] },
        encoding: { x: { field: 'at', ...x, scale } },
      },
      {
        data: { values: margin },
        mark: { type: 'text', color: ink.bad, y: -8, align: 'center', fontSize: 12 },
        encoding: { x: { field: 'at', ...x }, text: { field: 'text' } },
      },
      {
        data: { values: [...points] },
        mark: { type: 'rule', strokeWidth: 3, opacity: 0.55, strokeCap: 'round' },
        encoding: { y, x: { field: 'low', ...x, scale }, x2: { field: 'high' }, color: roleColor() },
      },
      {
        data: { values: [...points] },
        mark: { type: 'point', filled: true, size: 110, opacity: 1 },
        encoding: {
          y,
          x: { field: 'value', ...x },
          color: roleColor(),
          shape: roleShape(),
        },
      },
      {
        data: { values: [...points] },
        mark: { type: 'text', dy: -13, fontSize: 12, fontWeight: 600 },
        encoding: {
          y,
          x: { field: 'value', ...x },
          text: { field: 'text' },
          color: roleColor(),
        },
      },
    ],
  };
}
