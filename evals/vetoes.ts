// What forbids a promotion whatever the scores say.
import type { GateRecipe } from '../domain/recipe-gate.ts';
import type { Comparison } from '../domain/verdict.ts';
import type { Contestant } from './compare.ts';

/** The facts that vetoes look at. */
export interface Contest {
  readonly policy: GateRecipe;
  readonly candidate: Contestant;
  readonly others: readonly Contestant[];
  /** Comparisons with every other arm, by arm id. */
  readonly comparisons: ReadonlyMap<string, Comparison>;
  /** Reasons that lie outside the contest, such as licences. */
  readonly objections: readonly string[];
}

/** Reasons against a promotion, each one sentence without its full stop; empty when there are none. */
export function vetoes(contest: Contest): string[] {
  return [...tooFewRows(contest), ...incompleteOpponents(contest), ...noBetterThanBase(contest), ...contest.objections];
}

function tooFewRows({ policy, candidate }: Contest): string[] {
  const n = candidate.results.length;
  return n < policy.min_rows ? [`only ${n} held-out rows, the recipe asks for at least ${policy.min_rows}`] : [];
}

/** An opponent whose answers were lost to faults would be beaten by the faults. */
function incompleteOpponents({ others }: Contest): string[] {
  return others
    .filter(({ arm }) => arm.kind === 'baseline' || arm.kind === 'champion')
    .map(({ arm, results }) => ({
      arm,
      lost: results.filter(({ answer }) => answer === null).length,
      of: results.length,
    }))
    .filter(({ lost }) => lost > 0)
    .map(({ arm, lost, of }) => `${arm.kind} incomplete: ${arm.label} gave no answer to ${lost} of ${of} rows`);
}

function noBetterThanBase({ candidate, others, comparisons }: Contest): string[] {
  return others
    .filter(({ arm }) => arm.kind === 'base')
    .flatMap((base) => {
      if (sameAnswers(candidate, base)) {
        return ['adapter has no effect: every answer is that of the untuned base'];
      }
      const comparison = comparisons.get(base.arm.id);
      return comparison !== undefined && comparison.high < 0 ? ['the candidate is worse than the untuned base'] : [];
    });
}

function sameAnswers(candidate: Contestant, base: Contestant): boolean {
  const answered = candidate.results.some(({ answer }) => answer !== null);
  return answered && candidate.results.every(({ answer }, row) => answer === base.results[row]?.answer);
}
