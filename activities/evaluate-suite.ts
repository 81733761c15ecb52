// Endpoints on a suite, within one process: every arm asked, scored, and a verdict with its report.
import { canonicalJson } from '../domain/canonical.ts';
import type { EvaluationInput, EvaluationOutcome } from '../domain/evaluation.ts';
import { stageKey } from '../domain/refs.ts';
import type { Arm, ScorecardRef } from '../domain/scorecard.ts';
import type { ContestResult } from '../domain/stage-inputs.ts';
import { gateResultSchema, verdictSchema, type GateResult } from '../domain/verdict.ts';
import { decide } from '../evals/gate.ts';
import { putBlob } from '../registry/blobs.ts';
import { commitOnce, getJson } from '../registry/json.ts';
import { askArm } from './asking/ask-arm.ts';
import { askedSuite } from './asked-suite.ts';
import { keepContest } from './contest-result.ts';
import { readContestants, sidesOf } from './contestants.ts';
import type { ActivityDeps } from './deps.ts';
import { reportEvaluation } from './report-evaluation.ts';
import { score } from './score.ts';

export interface EvaluationWatch {
  readonly signal: AbortSignal;
  /** Called after each answer of an arm. */
  readonly onAnswered?: (arm: Arm) => void;
}

/**
 * Asks all arms at the same time, each at its own pace. What was answered before under the same key is read and not
 * asked again, so an evaluation that was stopped goes on where it was.
 */
export async function evaluateSuite(
  deps: ActivityDeps,
  input: EvaluationInput,
  watch: EvaluationWatch,
): Promise<EvaluationOutcome> {
  const fault = new AbortController();
  const signal = AbortSignal.any([watch.signal, fault.signal]);
  const asked = await Promise.allSettled(
    input.arms.map(async (arm) => {
      try {
        return await scorecardOf(deps, input, arm, { signal, onAnswered: () => watch.onAnswered?.(arm) });
      } catch (error) {
        // A wrong key ends the evaluation: the other arms' answers are not worth paying for without it.
        fault.abort(error);
        throw error;
      }
    }),
  );
  watch.signal.throwIfAborted();
  fault.signal.throwIfAborted();
  const scorecards = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const contest: ContestResult = { parityPrompts: 0, scorecards };
  await keepContest(deps, input.key, contest);
  const gate = await decideEvaluation(deps, input, scorecards);
  return { scorecards, gate, report: await reportEvaluation(deps, input, { scorecards, gate }) };
}

async function scorecardOf(
  deps: ActivityDeps,
  { key: runKey, suite, rows, shardRows, cacheEpoch }: EvaluationInput,
  arm: Arm,
  watch: { readonly signal: AbortSignal; readonly onAnswered: () => void },
): Promise<ScorecardRef> {
  const base = { runKey, suite, arm, identity: `${arm.provider}/${arm.model}`, cacheEpoch };
  const asked = await askArm(deps, base, { rows, shardRows }, watch);
  return await score(deps, { runKey, suite, arm, asked });
}

/** The verdict; kept unless rows were left unanswered, so that a later look can complete it. */
async function decideEvaluation(
  { store }: ActivityDeps,
  { key, suite: suiteRef, policy }: EvaluationInput,
  scorecards: readonly ScorecardRef[],
): Promise<GateResult> {
  const place = stageKey(key, 'gate');
  const stored = await getJson(store, place, gateResultSchema);
  if (stored !== undefined) {
    return stored;
  }
  const suite = await askedSuite(store, { suite: suiteRef });
  const { candidate, others } = sidesOf(await readContestants(store, scorecards));
  const verdict = verdictSchema.parse(
    decide({ policy, suite: suite.sha256, suiteSlices: suite.slices, candidate, others }),
  );
  const result: GateResult = {
    kind: verdict.kind,
    sentence: verdict.sentence,
    verdict: await putBlob(store, canonicalJson(verdict)),
    score: candidate.scorecard.metrics[policy.metric]?.value ?? candidate.scorecard.correct / candidate.scorecard.n,
    champion: null,
  };
  const complete = scorecards.every(({ errors }) => errors === 0);
  return complete ? await commitOnce(store, place, result, gateResultSchema) : result;
}
