// F1 over counted items: labels of sets, fields, spans.

/** Items of one row, or of many together. */
export interface ItemCounts {
  readonly expected: number;
  readonly given: number;
  readonly matched: number;
}

/** F1 = 2 matched / (expected + given), the harmonic mean of precision and recall; 1 when there is nothing to find and nothing was given. */
export function countF1({ expected, given, matched }: ItemCounts): number {
  return expected + given === 0 ? 1 : (2 * matched) / (expected + given);
}
