// A look at the answers so far, while asking goes on: is the matter settled?
import type { GateInput, LookResult } from '../domain/stage-inputs.ts';
import type { ActivityDeps } from './deps.ts';
import { decideRun } from './gate.ts';

/** Settled means that the gate would promote or reject on these rows; its e-values hold at every look. */
export async function look(deps: ActivityDeps, input: GateInput): Promise<LookResult> {
  const { verdict } = await decideRun(deps, input);
  const intervals = verdict.deciding.map(
    ({ label, low, high }) => `${label} ${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)} points`,
  );
  return { settled: verdict.kind !== 'hold', note: `${verdict.kind}, ${intervals.join(', ')}` };
}
