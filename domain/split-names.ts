// The splits of a dataset, in the order in which people read of them.

export const splitNames = ['train', 'validation', 'test'] as const;
export type SplitName = (typeof splitNames)[number];
