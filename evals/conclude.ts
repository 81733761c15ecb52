// What an interval of the difference says.
import type { Conclusion } from '../domain/verdict.ts';

/** The fixed sequence: non-inferior, then superior; else worse or open. No part of the error rate is split. */
export function conclude({ low, high }: { readonly low: number; readonly high: number }, margin: number): Conclusion {
  if (low > -margin) {
    return low > 0 ? 'superior' : 'non_inferior';
  }
  return high < 0 ? 'worse' : 'inconclusive';
}
