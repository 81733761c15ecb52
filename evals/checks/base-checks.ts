// Training must have changed the answers, and not for the worse.
import type { GateCheck } from '../../domain/gate-check.ts';
import { range, signed } from '../numbers-in-words.ts';
import type { Contestant } from '../compare.ts';
import { numbered, type Contest } from './contest.ts';

export function noWorseThanBase({ candidate, others, comparisons }: Contest): GateCheck[] {
  return others
    .filter(({ arm }) => arm.kind === 'base')
    .flatMap((base) => {
      const changed = changedAnswers(candidate, base);
      const comparison = comparisons.get(base.arm.id);
      const effect = numbered(
        'adapter_effect',
        changed === 0 ? 'failed' : 'passed',
        [changed, 1, 'rows'],
        changed === 0
          ? 'adapter has no effect: every answer is that of the untuned base'
          : `the adapter changed ${changed} of ${candidate.results.length} answers of the untuned base`,
      );
      if (comparison === undefined || changed === 0) {
        return [effect];
      }
      const worse = comparison.high < 0;
      const numbers = `difference ${signed(comparison.difference)} points, ${range(comparison)}`;
      return [
        effect,
        numbered(
          'better_than_base',
          worse ? 'failed' : 'passed',
          [comparison.high, 0, 'share'],
          worse ? 'the candidate is worse than the untuned base' : `not worse than the untuned base: ${numbers}`,
        ),
      ];
    });
}

/** Where both arms are silent throughout, nothing is known of an effect: the rows count as changed. */
function changedAnswers(candidate: Contestant, base: Contestant): number {
  const answered = candidate.results.some(({ answer }) => answer !== null);
  return answered
    ? candidate.results.filter(({ answer }, row) => answer !== base.results[row]?.answer).length
    : candidate.results.length;
}
