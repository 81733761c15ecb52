// The three splits in plots: one colour each, told by a legend.
import { ink } from './svg.ts';

export const splitNames = ['train', 'validation', 'test'] as const;
export type SplitName = (typeof splitNames)[number];

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
