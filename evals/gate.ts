// The gate: from every arm's answers and the recipe's policy to a verdict. Pure; the same answers, the same verdict.
import { hashOf } from '../domain/canonical.ts';
import type { GateRecipe } from '../domain/recipe-gate.ts';
import type { Comparison, Verdict, VerdictKind } from '../domain/verdict.ts';
import { compare } from './compare.ts';
import type { Contestant } from './compare.ts';
import { hardestOf } from './hardest.ts';
import { requireAnswers } from './require-answers.ts';
import { comparisonReason, verdictSentence } from './verdict-sentence.ts';
import { vetoes } from './vetoes.ts';

/** Changes with the rules that turn answers into a verdict, so that a stored verdict says which it was made by. */
export const gateProcedure = 'gate/2';

/** Everything a verdict rests on. */
export interface GateInput {
  readonly policy: GateRecipe;
  /** Digest of the suite that every arm must have answered. */
  readonly suite: string;
  readonly candidate: Contestant;
  readonly others: readonly Contestant[];
  /** Reasons against a promotion that lie outside the contest, such as licences; each is a veto. */
  readonly objections?: readonly string[];
}

/**
 * Decides by the fixed sequence of {@link compare} against every baseline and, where there is one, the champion;
 * base and few-shot are compared for information.
 *
 * Rule `non_inferior` promotes when the candidate is at least non-inferior to each of them, rule `superior` when it
 * is superior to each; no part of the error rate is split, since all must pass (intersection-union, Berger 1982).
 * Worse than any rejects, anything else holds. A veto always holds: its doubts hold for a rejection as well.
 *
 * Throws when an arm's rows, their expected answers or its suite differ from the candidate's, when a score is no
 * number, and when there is nobody to beat.
 */
export function decide({ policy, suite, candidate, others, objections = [] }: GateInput): Verdict {
  requireSameRows(suite, candidate, others);
  const compared = others.map((other) => ({ other, comparison: compare(candidate, other, policy, suite) }));
  const deciding = compared.filter(({ other }) => mustBeBeaten(other));
  const outcomes = deciding.map(({ comparison }) => comparison);
  const hardest = hardestOf(outcomes);
  const value = candidate.scorecard.metrics[policy.metric]?.value;
  const opponent = others.find(({ arm }) => arm.id === hardest.armId)?.arm;
  if (value === undefined || opponent === undefined) {
    throw new RangeError(`the scorecard of arm ${candidate.arm.id} has no ${policy.metric}`);
  }
  const comparisons = new Map(compared.map(({ other, comparison }) => [other.arm.id, comparison]));
  const against = vetoes({ policy, candidate, others, comparisons, objections });
  const kind = against.length > 0 ? 'hold' : ruling(outcomes, policy.rule);
  return {
    kind,
    sentence: verdictSentence({
      kind,
      value,
      comparison: hardest,
      opponent,
      deciding: deciding.length,
      vetoes: against,
    }),
    reasons: [...against, ...deciding.map(({ comparison, other }) => comparisonReason(comparison, other.arm))],
    rule: policy.rule,
    deciding: outcomes,
    reference: compared.filter(({ other }) => !mustBeBeaten(other)).map(({ comparison }) => comparison),
    vetoes: against,
    checks: [],
    slices: [],
    remarks: [],
    multiplicity: '',
    policy,
    procedure: gateProcedure,
    inputs: Object.fromEntries([
      ['suite', suite],
      ...[candidate, ...others].map(({ arm, scorecard }) => [`scorecard:${arm.id}`, hashOf(scorecard)]),
    ]),
  };
}

/** Baselines, and the champion that holds the route; base and few-shot are there for information. */
function mustBeBeaten({ arm }: Contestant): boolean {
  return arm.kind === 'baseline' || arm.kind === 'champion';
}

function ruling(comparisons: readonly Comparison[], rule: GateRecipe['rule']): VerdictKind {
  if (comparisons.some(({ conclusion }) => conclusion === 'worse')) {
    return 'reject';
  }
  const enough = rule === 'superior' ? ['superior'] : ['superior', 'non_inferior'];
  return comparisons.every(({ conclusion }) => enough.includes(conclusion)) ? 'promote' : 'hold';
}

function requireSameRows(suite: string, candidate: Contestant, others: readonly Contestant[]): void {
  const rowIds = candidate.results.map(({ rowId }) => rowId);
  const ids = new Set<string>();
  for (const { arm, results, scorecard } of [candidate, ...others]) {
    requireAnswers(arm.id, rowIds, results);
    if (ids.has(arm.id)) {
      throw new RangeError(`two arms are called ${arm.id}`);
    }
    ids.add(arm.id);
    if (scorecard.suite !== suite) {
      throw new RangeError(`arm ${arm.id} answered another suite: ${scorecard.suite}, not ${suite}`);
    }
    if (scorecard.arm.id !== arm.id || scorecard.n !== results.length) {
      throw new RangeError(`the scorecard of arm ${arm.id} belongs to other results`);
    }
    const differs = results.find((result, row) => {
      const own = candidate.results[row];
      return result.expected !== own?.expected || result.group !== own.group;
    });
    if (differs !== undefined) {
      throw new RangeError(`arm ${arm.id}: row ${differs.rowId} has another expected answer or group`);
    }
  }
}
