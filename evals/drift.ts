// One arm of tonight against its own stored answers on the same rows.
import type { ArmDrift } from '../domain/nightly.ts';
import type { Contestant } from './compare.ts';
import { countPairs } from './compare.ts';
import { mcnemar } from './statistics/mcnemar.ts';
import { tangoInterval } from './statistics/tango.ts';

/**
 * Paired change of exact match, tonight minus stored, with Tango's score interval at the confidence given.
 * Throws RangeError when the two answered different rows.
 */
export function armDrift(stored: Contestant, tonight: Contestant, confidence: number): ArmDrift {
  if (stored.scorecard.suite !== tonight.scorecard.suite) {
    throw new RangeError(`arm ${tonight.arm.id} answered another suite than the one on file`);
  }
  const { n, wins: gained, losses: lost } = countPairs(tonight.results, stored.results);
  const interval = tangoInterval({ n, wins: gained, losses: lost }, confidence);
  return {
    armId: tonight.arm.id,
    n,
    stored: stored.scorecard.correct / n,
    tonight: tonight.scorecard.correct / n,
    gained,
    lost,
    low: interval.low,
    high: interval.high,
    mcnemarP: mcnemar(gained, lost).twoSided,
    regressed: interval.high < 0,
  };
}
