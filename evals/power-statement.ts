// What a comparison could have shown with its rows, in words.
import type { GateRecipe } from '../domain/recipe-gate.ts';
import { criticalZ, normalCdf, normalQuantile } from './statistics/distributions.ts';

interface Told {
  readonly n: number;
  readonly interval: { readonly low: number; readonly high: number };
  readonly policy: GateRecipe;
  readonly rowsNeeded: number | null;
}

/** Power that sample sizes are stated for, here and in further-rows.ts. */
const usualPower = 0.8;

/**
 * For non-inferiority, the chance that two equally good models are found within the margin on so many rows; for
 * superiority, the difference that would be found in four of five contests. Both take the standard error from the width
 * of the interval (normal approximation: Connor 1987, Nam 1997).
 */
export function powerStatement({ n, interval, policy, rowsNeeded }: Told): string {
  const { confidence, margin, rule } = policy;
  const z = criticalZ(confidence);
  const standardError = (interval.high - interval.low) / (2 * z);
  const more = rowsNeeded === null ? '' : `; ${(n + rowsNeeded).toLocaleString('en')} rows would settle this with 80 %`;
  const rows = `${n.toLocaleString('en')} rows`;
  if (rule === 'superior') {
    const found = (z + normalQuantile(usualPower)) * standardError;
    return `${rows} find a true difference of ${pointsOf(found)} with 80 % probability${more}`;
  }
  const chance = standardError === 0 ? 1 : normalCdf(margin / standardError - z);
  return (
    `if the two are equally good, ${rows} show them to be within ${pointsOf(margin)} ` +
    `with ${(100 * chance).toFixed(0)} % probability${more}`
  );
}

function pointsOf(share: number): string {
  return `${Number((100 * share).toFixed(1))} points`;
}
