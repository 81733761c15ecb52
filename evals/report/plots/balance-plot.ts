// How often each label comes, as shares of each split.
import { splitNames } from '../../../domain/split-names.ts';
import type { TopLevelSpec } from 'vega-lite';
import { armAxis, ticks } from './plot-arms.ts';
import { splitColor, type SplitBar } from './split-scale.ts';

/** @param bars in the order of the labels */
export function balancePlot(bars: readonly SplitBar[], width: number): TopLevelSpec {
  const narrow = width < 400;
  return {
    width,
    height: { step: 9 },
    data: { values: [...bars] },
    mark: { type: 'bar' },
    encoding: {
      y: {
        field: 'name',
        type: 'nominal',
        sort: null,
        title: null,
        axis: { ...armAxis(width), labelExpr: shortLabel(narrow ? 14 : 22) },
        scale: { paddingInner: 0.3 },
      },
      yOffset: { field: 'split', sort: [...splitNames] },
      x: { field: 'share', type: 'quantitative', title: 'Rows of the split, %', axis: { tickCount: ticks(width) } },
      color: splitColor(),
    },
  };
}

/** Labels often differ at their ends alone, so that the middle is cut out. */
function shortLabel(characters: number): string {
  const end = Math.floor((characters - 1) / 2);
  const start = characters - 1 - end;
  const cut = `substring(datum.label, 0, ${start}) + '…' + substring(datum.label, length(datum.label) - ${end})`;
  return `length(datum.label) > ${characters} ? ${cut} : datum.label`;
}
