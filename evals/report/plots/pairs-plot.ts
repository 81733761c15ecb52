// Rows won to the right and rows lost to the left, for each other arm.
import type { TopLevelSpec } from 'vega-lite';
import { armAxis, ticks } from './plot-arms.ts';
import { ink } from './svg.ts';

export interface PairBar {
  readonly arm: string;
  readonly wins: number;
  readonly losses: number;
}

export function pairsPlot(bars: readonly PairBar[], width: number): TopLevelSpec {
  const won = bars.map(({ arm, wins }) => ({ arm, side: 'won', rows: wins, text: `${wins.toLocaleString('en')} won` }));
  const lost = bars.map(({ arm, losses }) => ({
    arm,
    side: 'lost',
    rows: -losses,
    text: `${losses.toLocaleString('en')} lost`,
  }));
  const most = Math.max(1, ...bars.flatMap(({ wins, losses }) => [wins, losses]));
  // Room for the numbers, which stand outside the bars.
  const reach = most * (width < 400 ? 1.75 : 1.2);
  const x = {
    type: 'quantitative' as const,
    title: 'Rows lost and won by the candidate',
    scale: { domain: [-reach, reach] },
    axis: { tickCount: ticks(width), labelExpr: 'format(abs(datum.value), ",")' },
  };
  const y = { field: 'arm', type: 'nominal' as const, sort: null, title: null, axis: armAxis(width) };
  const color = {
    field: 'side',
    type: 'nominal' as const,
    legend: null,
    scale: { domain: ['won', 'lost'], range: [ink.accent, ink.opponent] },
  };
  const numbers = (values: typeof won, align: 'left' | 'right', dx: number) => ({
    data: { values },
    mark: { type: 'text' as const, align, dx, fontSize: 12 },
    encoding: { y, x: { field: 'rows', ...x }, text: { field: 'text' }, color },
  });
  return {
    width,
    height: { step: 34 },
    data: { values: [...won, ...lost] },
    layer: [
      { mark: { type: 'bar', height: 16 }, encoding: { y, x: { field: 'rows', ...x, stack: null }, color } },
      { mark: { type: 'rule', color: ink.muted }, encoding: { x: { datum: 0, ...x } } },
      numbers(won, 'left', 6),
      numbers(lost, 'right', -6),
    ],
  };
}
