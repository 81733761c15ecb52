// How many more rows would settle a comparison that the rule leaves open.
import type { GateRecipe } from '../domain/recipe-gate.ts';
import type { Conclusion } from '../domain/verdict.ts';
import { rowsByScaling, rowsForNonInferiority, rowsForSuperiority } from './statistics/sample-size.ts';

/** Chance with which the further rows settle the matter, if the assumption holds. */
const power = 0.8;

interface Open {
  readonly counts: { readonly n: number; readonly wins: number; readonly losses: number };
  readonly interval: {
    readonly difference: number;
    readonly low: number;
    readonly high: number;
    readonly method: string;
  };
  readonly policy: GateRecipe;
  readonly conclusion: Conclusion;
}

/**
 * Rows beyond the present ones for 80 % power, or null when nothing is open or no number can be named.
 *
 * Non-inferiority assumes a true difference of 0, or the observed one where that is negative; superiority assumes
 * the observed one. Exact match without groups uses the observed share of discordant rows; other intervals are
 * taken to shrink as 1/√n. Null when the observed difference lies on the wrong side of the bound.
 */
export function furtherRows({ counts, interval, policy, conclusion }: Open): number | null {
  const open = conclusion === 'inconclusive' || (conclusion === 'non_inferior' && policy.rule === 'superior');
  const superior = policy.rule === 'superior';
  const assumed = superior ? interval.difference : Math.min(0, interval.difference);
  const distance = superior ? assumed : assumed + policy.margin;
  const discordance = (counts.wins + counts.losses) / counts.n;
  if (!open || distance <= 0 || discordance === 0) {
    return null;
  }
  const plan = { confidence: policy.confidence, power };
  let rows: number;
  if (interval.method !== 'Tango score interval') {
    rows = rowsByScaling({ ...plan, n: counts.n, low: interval.low, high: interval.high, distance });
  } else if (superior) {
    rows = rowsForSuperiority({ ...plan, discordance, difference: assumed });
  } else {
    rows = rowsForNonInferiority({ ...plan, discordance, difference: assumed, margin: policy.margin });
  }
  return rows > counts.n ? rows - counts.n : null;
}
