// The gate: from every arm's answers and the recipe's policy to a verdict. Pure; the same answers, the same verdict.
import { hashOf } from '../domain/canonical.ts';
import type { GateRecipe } from '../domain/recipe-gate.ts';
import type { Comparison, Verdict, VerdictKind } from '../domain/verdict.ts';
import type { Contest, Surroundings } from './checks/contest.ts';
import { gateChecks, vetoesOf } from './checks/gate-checks.ts';
import { compare, type Contestant } from './compare.ts';
import { decidingArms } from './deciding-arms.ts';
import { hardestOf } from './hardest.ts';
import { multiplicityStatement } from './multiplicity-statement.ts';
import { requireSameRows } from './same-rows.ts';
import { withoutLooks } from './sequential-look.ts';
import { sliceComparisons } from './slice-comparisons.ts';
import { verdictRemarks } from './verdict-remarks.ts';
import { comparisonReason, verdictSentence } from './verdict-sentence.ts';

/** Changes with the rules that turn answers into a verdict, so that a stored verdict says which it was made by. */
export const gateProcedure = 'gate/2';

/** Everything a verdict rests on. */
export interface GateInput extends Surroundings {
  readonly policy: GateRecipe;
  /** Digest of the suite that every arm must have answered. */
  readonly suite: string;
  /** Names of the suite's slices, which are compared unless the policy names others. */
  readonly suiteSlices?: readonly string[];
  readonly candidate: Contestant;
  readonly others: readonly Contestant[];
}

/**
 * Decides by the fixed sequence of {@link compare} against the arms of {@link decidingArms}: baselines and, where there
 * is one, the champion. All other arms are compared for information.
 *
 * Rule `non_inferior` promotes when the candidate is at least non-inferior to each of them, rule `superior` when it
 * is superior to each; no part of the error rate is split, since all must pass (intersection-union, Berger 1982).
 * Worse than any rejects, anything else holds. A check that failed or could not be made is a veto, and a veto always
 * holds: its doubts hold for a rejection as well.
 *
 * Throws RangeError when an arm's rows, their expected answers or its suite differ from the candidate's, when a score
 * is no number, and when there is nobody to beat.
 */
export function decide(input: GateInput): Verdict {
  const { policy, suite, candidate, others, usdPerHour } = input;
  requireSameRows(suite, candidate, others, policy.sequential.enabled);
  const deciding = decidingArms({ policy, suite, others, usdPerHour });
  const comparisons = new Map(others.flatMap((other) => compared(input, other)));
  const outcomes = deciding.arms.flatMap(({ arm }) => comparisons.get(arm.id) ?? []);
  const hardest = hardestOf(outcomes);
  // Slices are compared once all rows are answered, or not at all.
  const sliced = policy.sequential.enabled ? [] : deciding.arms;
  const slices = sliced.flatMap((other) =>
    sliceComparisons({
      policy,
      suite,
      slices: input.suiteSlices ?? [],
      candidate,
      other,
      preferences: input.judged?.get(other.arm.id)?.preferences,
    }),
  );
  const contest: Contest = { ...input, deciding, comparisons, slices };
  const checks = gateChecks(contest);
  const vetoes = vetoesOf(checks);
  const kind = vetoes.length > 0 ? 'hold' : ruling(outcomes, policy.rule);
  const opponent = deciding.arms.find(({ arm }) => arm.id === hardest.armId) ?? candidate;
  return {
    kind,
    sentence: verdictSentence({
      kind,
      comparison: hardest,
      opponent: opponent.arm,
      deciding: outcomes.length,
      vetoes,
    }),
    reasons: [
      ...vetoes,
      ...deciding.arms.flatMap(({ arm }) => {
        const comparison = comparisons.get(arm.id);
        return comparison === undefined ? [] : [comparisonReason(comparison, arm)];
      }),
    ],
    rule: policy.rule,
    deciding: outcomes,
    reference: [...comparisons.values()].filter((comparison) => !outcomes.includes(comparison)),
    vetoes,
    checks,
    slices,
    remarks: verdictRemarks(contest),
    multiplicity: multiplicityStatement({ policy, deciding: outcomes.length, slices, chosenFrom: input.chosenFrom }),
    policy,
    procedure: gateProcedure,
    inputs: digestsOf(input),
  };
}

/** Judges compare the candidate with some arms only; with the others there is no comparison by their preferences. */
function compared({ policy, suite, candidate, judged }: GateInput, other: Contestant): [string, Comparison][] {
  const preferences = judged?.get(other.arm.id)?.preferences;
  const needed = other.arm.kind === 'baseline' || other.arm.kind === 'champion';
  if (policy.metric === 'judge_preference' && preferences === undefined && !needed) {
    return [];
  }
  const rules = needed ? policy : withoutLooks(policy);
  return [[other.arm.id, compare(candidate, other, rules, suite, preferences)]];
}

function ruling(comparisons: readonly Comparison[], rule: GateRecipe['rule']): VerdictKind {
  if (comparisons.some(({ conclusion }) => conclusion === 'worse')) {
    return 'reject';
  }
  const enough = rule === 'superior' ? ['superior'] : ['superior', 'non_inferior'];
  return comparisons.every(({ conclusion }) => enough.includes(conclusion)) ? 'promote' : 'hold';
}

/** Digest of everything that the verdict was made from, by what it is. */
function digestsOf({ policy, suite, candidate, others, guards = [], judged }: GateInput): Record<string, string> {
  const digests = [
    ['suite', suite],
    ['policy', hashOf(policy)],
    ...[candidate, ...others].flatMap(({ arm, scorecard }) => [
      [`scorecard:${arm.id}`, hashOf(scorecard)],
      [`results:${arm.id}`, scorecard.results.sha256],
    ]),
    ...guards.flatMap(({ guard, candidate: ours, base }) => [
      [`${guard}:suite`, ours.scorecard.suite],
      [`${guard}:scorecard:candidate`, hashOf(ours.scorecard)],
      [`${guard}:scorecard:base`, hashOf(base.scorecard)],
    ]),
    ...[...(judged ?? [])].map(([armId, { sha256 }]) => [`judgements:${armId}`, sha256]),
  ];
  return Object.fromEntries(digests);
}
