// How evenly the outputs of a dataset are spread.

export interface BalanceReport {
  /** Outputs that have rows, the most frequent first, equal ones by name. */
  readonly outputs: readonly { readonly output: string; readonly count: number; readonly share: number }[];
  /** How many times as often as the rarest output the most frequent one comes; 1 is even. */
  readonly imbalance: number;
  /** Shannon entropy of the shares over the logarithm of the number of outputs (Pielou's evenness): 1 is even, 0 one output only. */
  readonly evenness: number;
}

/** Undefined when there are no rows. */
export function balanceReport(counts: ReadonlyMap<string, number>): BalanceReport | undefined {
  const present = [...counts].filter(([, count]) => count > 0);
  const ordered = present.toSorted(([left, many], [right, more]) => more - many || (left < right ? -1 : 1));
  const most = ordered[0]?.[1];
  const fewest = ordered.at(-1)?.[1];
  if (most === undefined || fewest === undefined) {
    return undefined;
  }
  const rows = ordered.reduce((sum, [, count]) => sum + count, 0);
  const entropy = ordered.reduce((sum, [, count]) => sum - (count / rows) * Math.log(count / rows), 0);
  return {
    outputs: ordered.map(([output, count]) => ({ output, count, share: count / rows })),
    imbalance: most / fewest,
    evenness: ordered.length === 1 ? 0 : entropy / Math.log(ordered.length),
  };
}
