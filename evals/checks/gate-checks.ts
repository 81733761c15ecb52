// Everything besides the deciding comparisons that can hold a verdict.
import type { GateCheck } from '../../domain/gate-check.ts';
import { noWorseThanBase } from './base-checks.ts';
import { numbered, type Contest } from './contest.ts';
import { trustedJudge } from './judge-checks.ts';
import { guardsKept, readableEnough } from './rate-checks.ts';
import { completeOpponents, enoughRows, noLeakage } from './row-checks.ts';
import { cheapEnough, fastEnough } from './serving-checks.ts';
import { criticalSlices } from './slice-checks.ts';

/** All checks that the policy asks for and those that are always made, in the order in which people read them. */
export function gateChecks(contest: Contest): GateCheck[] {
  return [
    enoughRows(contest),
    ...completeOpponents(contest),
    ...noLeakage(contest),
    ...noWorseThanBase(contest),
    ...criticalSlices(contest),
    ...readableEnough(contest),
    ...guardsKept(contest),
    ...trustedJudge(contest),
    ...fastEnough(contest),
    ...cheapEnough(contest),
    ...(contest.objections ?? []).map((sentence) => numbered('objection', 'failed', [null, null, ''], sentence)),
  ];
}

/** What holds a verdict: sentences of the checks that failed, or could not be made. */
export function vetoesOf(checks: readonly GateCheck[]): string[] {
  return checks.filter(({ outcome }) => outcome !== 'passed').map(({ sentence }) => sentence);
}
