// A look at the answers so far, while asking goes on: is the matter settled?
import type { GateInput, LookResult } from '../domain/stage-inputs.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { ActivityDeps } from './deps.ts';
import { decideRun } from './gate.ts';

/** Settled: further answers would not change what the comparisons say; their e-values hold at every look. */
export async function look(deps: ActivityDeps, input: GateInput): Promise<LookResult> {
  const { verdict, recipe } = await decideRun(deps, input);
  const rows = Math.min(...verdict.deciding.map(({ n }) => n));
  const intervals = verdict.deciding.map(
    ({ label, low, high }) => `${label} ${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)} points`,
  );
  return { settled: rows >= recipe.gate.min_rows && isClear(verdict), note: intervals.join(', ') };
}

/** Every opponent is met as the rule asks, or one is better than the candidate beyond the margin. */
function isClear({ deciding, rule }: Verdict): boolean {
  const enough = rule === 'superior' ? ['superior'] : ['superior', 'non_inferior'];
  return (
    deciding.every(({ conclusion }) => enough.includes(conclusion)) ||
    deciding.some(({ conclusion }) => conclusion === 'worse')
  );
}
