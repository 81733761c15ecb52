// Cost against quality: one point an arm, with the interval of its quality.
import type { TopLevelSpec } from 'vega-lite';
import type { ArmPoint } from './arms-plot.ts';
import { roleColor, roleShape, ticks } from './plot-arms.ts';

export interface CostPoint extends ArmPoint {
  /** US dollars for 1,000 rows. */
  readonly usd: number;
}

/** A factor above which a linear axis would press the cheap arms together. */
const wide = 20;

export function costPlot(points: readonly CostPoint[], title: string, width: number): TopLevelSpec {
  const costs = points.map(({ usd }) => usd);
  const logarithmic = Math.min(...costs) > 0 && Math.max(...costs) > wide * Math.min(...costs);
  const axis = { tickCount: logarithmic ? 5 : ticks(width), format: '$~g', grid: true } as const;
  const x = {
    field: 'usd',
    type: 'quantitative' as const,
    title: `US dollars for 1,000 rows${logarithmic ? ', logarithmic' : ''}`,
    scale: logarithmic
      ? { type: 'log' as const, padding: 24 }
      : { domain: [0, Math.max(...costs) * 1.15 || 1], nice: true },
    axis,
  };
  const y = { type: 'quantitative', title, scale: { zero: false, padding: 18 } } as const;
  const middle = logarithmic ? Math.sqrt(Math.min(...costs) * Math.max(...costs)) : Math.max(...costs) / 2;
  // Names stand on the side where there is room.
  const names = (values: CostPoint[], align: 'left' | 'right', dx: number) => ({
    data: { values },
    mark: { type: 'text' as const, align, dx, dy: -1, fontSize: 12, limit: width * 0.6 },
    encoding: { x, y: { field: 'value', ...y }, text: { field: 'arm' }, color: roleColor() },
  });
  return {
    width: width + 110,
    height: 260,
    data: { values: [...points] },
    layer: [
      {
        mark: { type: 'rule', strokeWidth: 2.5, opacity: 0.5, strokeCap: 'round' },
        encoding: { x, y: { field: 'low', ...y }, y2: { field: 'high' }, color: roleColor() },
      },
      {
        mark: { type: 'point', filled: true, size: 110, opacity: 1 },
        encoding: {
          x,
          y: { field: 'value', ...y },
          color: roleColor(),
          shape: roleShape(),
        },
      },
      names(
        points.filter(({ usd }) => usd <= middle),
        'left',
        10,
      ),
      names(
        points.filter(({ usd }) => usd > middle),
        'right',
        -10,
      ),
    ],
  };
}
