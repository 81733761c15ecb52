// What a reader of a verdict should know besides its reasons. Remarks decide nothing.
import type { GateRecipe } from '../domain/recipe-gate.ts';
import type { SliceComparison } from '../domain/verdict.ts';
import { compare, type Contestant } from './compare.ts';
import type { DecidingArms } from './deciding-arms.ts';
import { withoutLooks } from './sequential-look.ts';
import { percent, points, range, signed } from './numbers-in-words.ts';

interface Remarkable {
  readonly policy: GateRecipe;
  readonly suite: string;
  readonly candidate: Contestant;
  readonly others: readonly Contestant[];
  readonly deciding: DecidingArms;
  readonly slices: readonly SliceComparison[];
}

/** Sentences without their full stop. */
export function verdictRemarks(contest: Remarkable): string[] {
  const { deciding } = contest;
  return [
    ...(deciding.remark === undefined ? [] : [deciding.remark]),
    ...stoppedEarly(contest),
    ...noModelNeeded(contest),
    ...lost(contest),
  ];
}

/** Where a classical classifier is not worse than the candidate by the margin of the policy. */
function noModelNeeded({ policy, suite, candidate, others }: Remarkable): string[] {
  return others
    .filter(({ arm, results }) => arm.kind === 'classical' && results.every(({ answer }) => answer !== null))
    .flatMap((classical) => {
      const found = compare(classical, candidate, { ...withoutLooks(policy), rule: 'non_inferior' }, suite);
      if (found.conclusion !== 'non_inferior' && found.conclusion !== 'superior') {
        return [];
      }
      const values =
        found.value === null ? '' : `${percent(found.value.candidate)} against ${percent(found.value.other)}, `;
      return [
        `no language model is needed for this task: ${classical.arm.label} is not worse than the candidate by ` +
          `${points(policy.margin)} or more (${values}difference ${signed(found.difference)} points, ${range(found)})`,
      ];
    });
}

function stoppedEarly({ candidate, deciding }: Remarkable): string[] {
  const all = candidate.results.length;
  return deciding.arms
    .filter(({ results }) => results.length < all)
    .map(({ arm, results }) => `${arm.label} was asked the first ${results.length} of ${all} rows, which settled it`);
}

function lost({ candidate }: Remarkable): string[] {
  const missing = candidate.results.filter(({ answer }) => answer === null).length;
  return missing === 0
    ? []
    : [`the candidate gave no answer to ${missing} of ${candidate.results.length} rows, which count as wrong`];
}
