// Whether the judges can be trusted, where they decide.
import type { GateCheck } from '../../domain/gate-check.ts';
import { percent } from '../numbers-in-words.ts';
import { numbered, type Contest } from './contest.ts';

/** One check for each deciding arm that judges compared the candidate with, and one for each doubt. */
export function trustedJudge({ policy, deciding, judged }: Contest): GateCheck[] {
  if (policy.metric !== 'judge_preference') {
    return [];
  }
  const limit = policy.min_swap_consistency;
  return deciding.arms.flatMap(({ arm }) => {
    const found = judged?.get(arm.id);
    const doubts = (found?.doubts ?? []).map((doubt) => numbered('judge', 'failed', [null, null, ''], doubt));
    if (limit === undefined) {
      return doubts;
    }
    const consistency = found?.swapConsistency ?? null;
    if (consistency === null) {
      const why = `how often the judge agrees with itself about ${arm.label} was not measured`;
      return [...doubts, numbered('judge', 'unknown', [null, limit, 'share'], why)];
    }
    const low = consistency < limit;
    const numbers = `the judge says the same in both orders on ${percent(consistency)} of the rows with ${arm.label}`;
    return [
      ...doubts,
      numbered(
        'judge',
        low ? 'failed' : 'passed',
        [consistency, limit, 'share'],
        low ? `${numbers}, and the recipe asks for ${percent(limit)}` : numbers,
      ),
    ];
  });
}
