// The splits of a dataset.

export const splitNames = ['train', 'validation', 'test'] as const;
export type SplitName = (typeof splitNames)[number];

/** Row numbers of each split in seeded order. */
export type SplitRows = Readonly<Record<SplitName, Uint32Array>>;
