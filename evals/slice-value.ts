// The value that a row has in a slice.
import type { RowResult } from '../domain/scorecard.ts';

/** What slices are read from. */
export type SlicedRow = Pick<RowResult, 'rowId' | 'expected' | 'group' | 'slices'>;

/** `label` and `group` are known of every row; other slices are tags of the suite's rows. Undefined without a value. */
export function sliceValue({ slices, expected, group }: SlicedRow, slice: string): string | undefined {
  const tagged = slices[slice];
  if (tagged !== undefined) {
    return tagged;
  }
  return { label: expected, group }[slice];
}
