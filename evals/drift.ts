// One arm of tonight against its own stored answers on the same rows.
import type { GateRecipe } from '../domain/recipe-gate.ts';
import type { ArmDrift } from '../domain/nightly.ts';
import type { Contestant } from './compare.ts';
import { compare, countPairs } from './compare.ts';
import { withoutLooks } from './sequential-look.ts';

/**
 * Paired change of exact match, tonight minus stored, with the gate's own interval (groups included) at the
 * confidence of its policy. Throws RangeError when the two answered different suites.
 */
export function armDrift(stored: Contestant, tonight: Contestant, policy: GateRecipe): ArmDrift {
  const { suite } = tonight.scorecard;
  if (stored.scorecard.suite !== suite) {
    throw new RangeError(`arm ${tonight.arm.id} answered another suite than the one on file`);
  }
  const { n, wins: gained, losses: lost } = countPairs(tonight.results, stored.results);
  const { low, high, mcnemarP } = compare(tonight, stored, { ...withoutLooks(policy), metric: 'exact_match' }, suite);
  return {
    armId: tonight.arm.id,
    n,
    stored: stored.scorecard.correct / n,
    tonight: tonight.scorecard.correct / n,
    gained,
    lost,
    low,
    high,
    mcnemarP,
    regressed: high < 0,
  };
}
