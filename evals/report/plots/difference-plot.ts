// The candidate's difference to each other arm with its interval, the line of no difference, and the margin.
import type { TopLevelSpec } from 'vega-lite';
import { armAxis, roleColor, roleShape, ticks } from './plot-arms.ts';
import type { Role } from './plot-arms.ts';
import { ink } from './svg.ts';

export interface DifferencePoint {
  readonly arm: string;
  readonly role: Role;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** @param margin in the unit of the axis, above 0 */
export function differencePlot(
  points: readonly DifferencePoint[],
  { title, margin }: { readonly title: string; readonly margin: number },
  width: number,
): TopLevelSpec {
  const x = { type: 'quantitative', title, axis: { tickCount: ticks(width) } } as const;
  const y = { field: 'arm', type: 'nominal', sort: null, title: null, axis: armAxis(width) } as const;
  const line = (at: number, text: string, color: string, align: 'left' | 'right', strokeDash: number[]) =>
    [
      {
        data: { values: [{ at }] },
        mark: { type: 'rule', color, strokeWidth: 1.5, strokeDash },
        encoding: { x: { field: 'at', ...x } },
      },
      {
        data: { values: [{ at, text }] },
        mark: { type: 'text', color, y: -8, align, dx: align === 'left' ? -3 : 3, fontSize: 12 },
        encoding: { x: { field: 'at', ...x }, text: { field: 'text' } },
      },
    ] as const;
  return {
    width,
    height: { step: 38 },
    layer: [
      ...line(0, 'equal', ink.muted, 'left', [1, 0]),
      ...line(-margin, `margin −${Number(margin.toPrecision(3))}`, ink.bad, 'right', [5, 4]),
      {
        data: { values: [...points] },
        mark: { type: 'rule', strokeWidth: 3, opacity: 0.55, strokeCap: 'round' },
        encoding: { y, x: { field: 'low', ...x }, x2: { field: 'high' }, color: roleColor() },
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
    ],
  };
}
