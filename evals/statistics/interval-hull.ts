// The hull of several intervals of one difference, with the p values that agree with it.

/** One interval with its one-sided test. */
export interface IntervalPart {
  readonly low: number;
  readonly high: number;
  /** One-sided p value of "the true difference is `bound` or less". */
  readonly pAbove: (bound: number) => number;
}

/** A two-sided interval with the one-sided p values that agree with it. */
export interface DecidingInterval extends IntervalPart {
  readonly difference: number;
  /** How it was made, for people. */
  readonly method: string;
  /** Number of independent units: rows, or clusters. */
  readonly units: number;
  /** True below ten clusters. */
  readonly few: boolean;
}

/** Fewer clusters than this are pointed out wherever their interval is shown. */
export const fewClusters = 10;

/**
 * The lower of the lows, the higher of the highs and the largest of the p values, within [-1, 1]: no part can make a
 * verdict easier than another alone would.
 */
export function hullOf(parts: readonly IntervalPart[]): IntervalPart {
  return {
    low: Math.max(-1, Math.min(...parts.map(({ low }) => low))),
    high: Math.min(1, Math.max(...parts.map(({ high }) => high))),
    pAbove: (bound) => Math.max(...parts.map(({ pAbove }) => pAbove(bound))),
  };
}

/** What both intervals hold, with the smaller p value: neither can make the other wider. */
export function overlapOf(one: IntervalPart, other: IntervalPart): IntervalPart {
  return {
    low: Math.max(one.low, other.low),
    high: Math.min(one.high, other.high),
    pAbove: (bound) => Math.min(one.pAbove(bound), other.pAbove(bound)),
  };
}

/** Remark for the method of an interval over clusters. */
export function fewRemark(clusters: number): string {
  return clusters < fewClusters ? `, fewer than ${fewClusters}: read with care` : '';
}
