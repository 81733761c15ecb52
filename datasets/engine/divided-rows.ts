// Which rows are in which split.
import type { SplitName } from '../../domain/split-names.ts';

/** Row numbers of each split in seeded order. */
export type SplitRows = Readonly<Record<SplitName, Uint32Array>>;
