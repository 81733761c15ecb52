// How long texts are, as shares of each split.
import { splitNames } from '../../../domain/split-names.ts';
import type { TopLevelSpec } from 'vega-lite';
import { splitColor, type SplitBar } from './split-scale.ts';

/**
 * @param bars in the order of the classes
 * @param title what the classes are, with the unit
 */
export function lengthsPlot(bars: readonly SplitBar[], title: string, width: number): TopLevelSpec {
  const narrow = width < 400;
  return {
    width: width + 110,
    height: 200,
    data: { values: [...bars] },
    mark: { type: 'bar' },
    encoding: {
      x: {
        field: 'name',
        type: 'ordinal',
        sort: null,
        title,
        axis: { labelAngle: narrow ? -90 : 0, ticks: false, labelOverlap: true },
        scale: { paddingInner: 0.25 },
      },
      xOffset: { field: 'split', sort: [...splitNames] },
      y: { field: 'share', type: 'quantitative', title: 'Rows of the split, %', axis: { tickCount: 5 } },
      color: splitColor(),
    },
  };
}
