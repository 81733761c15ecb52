// The three splits in plots: one colour each, told by a legend.
import { splitNames, type SplitName } from '../../../domain/split-names.ts';
import { ink } from './svg.ts';

/** One bar: a class of rows of one split. */
export interface SplitBar {
  /** The class, as it is written on the axis. */
  readonly name: string;
  readonly split: SplitName;
  /** Share of the split's rows in per cent. */
  readonly share: number;
}

/** Colour by split with its legend above the plot. */
export function splitColor() {
  return {
    field: 'split',
    type: 'nominal' as const,
    scale: { domain: [...splitNames], range: [ink.accent, ink.opponent, ink.muted] },
    legend: { title: null, orient: 'top' as const },
  };
}
