// What a comparison found, in the few words that a table or a test report has room for.
import type { Comparison, SliceComparison } from '../../domain/verdict.ts';
import { signedPoints } from '../report/format.ts';
import { pText } from '../numbers-in-words.ts';

const words = {
  superior: 'better',
  non_inferior: 'not worse',
  inconclusive: 'open',
  worse: 'worse',
  too_few_rows: 'too few rows',
} as const;

/** The conclusion in plain words. */
export function finding({
  conclusion,
}: {
  conclusion: Comparison['conclusion'] | SliceComparison['conclusion'];
}): string {
  return words[conclusion];
}

/** The arm that the candidate was compared with; a stand-in is always called one. */
export function opponent({ label, standIn }: Pick<Comparison, 'label' | 'standIn'>): string {
  return standIn && !label.includes('stand-in') ? `${label} (stand-in)` : label;
}

type Measured = Pick<SliceComparison, 'n' | 'difference' | 'low' | 'high' | 'method' | 'margin'>;

/** "−2.0 points [−6.1, +2.1] on 160 rows, margin 3.0, Tango score interval". */
export function difference({ n, difference: value, low, high, method, margin }: Measured): string {
  const range = low === null || high === null ? '' : ` [${signedPoints(low)}, ${signedPoints(high)}]`;
  const found = value === null ? 'no difference known' : `${signedPoints(value)} points${range}`;
  return `${found} on ${n} rows, margin ${(100 * margin).toFixed(1)}${method === null ? '' : `, ${method}`}`;
}

/** "12 rows won, 7 lost, McNemar p = 0.36, about 420 further rows needed". */
export function numbers({ wins, losses, mcnemarP, rowsNeeded }: Comparison): string {
  const more = rowsNeeded === null ? '' : `, about ${rowsNeeded} further rows needed`;
  return `${wins} rows won, ${losses} lost, McNemar ${pText(mcnemarP)}${more}`;
}
