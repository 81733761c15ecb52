// Endpoints on a suite, within one process: every arm asked, scored, and a verdict with its report.
import { canonicalJson } from '../domain/canonical.ts';
import type { EvaluationInput, EvaluationJudge, EvaluationOutcome } from '../domain/evaluation.ts';
import type { JudgedPair } from '../domain/judge-stage.ts';
import type { GateRecipe } from '../domain/recipe-gate.ts';
import { stageKey } from '../domain/refs.ts';
import { judgeSchema } from '../domain/recipe-judge.ts';
import type { Arm, ScorecardRef } from '../domain/scorecard.ts';
import type { ContestResult } from '../domain/stage-inputs.ts';
import { gateResultSchema, verdictSchema, type GateResult } from '../domain/verdict.ts';
import { decide } from '../evals/gate.ts';
import type { Judged } from '../evals/checks/contest.ts';
import { getBlob, putBlob } from '../registry/blobs.ts';
import { commitOnce, getJson, parseStored } from '../registry/json.ts';
import type { ObjectStore } from '../registry/store.ts';
import { askArm } from './asking/ask-arm.ts';
import { askedSuite } from './asked-suite.ts';
import { candidateScore } from './candidate-score.ts';
import { keepContest } from './contest-result.ts';
import { readContestants, sidesOf } from './contestants.ts';
import type { ActivityDeps } from './deps.ts';
import { judgeEvaluation } from './judging/judge-evaluation.ts';
import { readJudged } from './judging/read-judged.ts';
import { reportEvaluation } from './report-evaluation.ts';
import { score } from './score.ts';

export interface EvaluationWatch {
  readonly signal: AbortSignal;
  /** Called after each answer of an arm. */
  readonly onAnswered?: (arm: Arm) => void;
  /** Called after each shard that judges have read, with the id of the other arm and the rows of the pair so far. */
  readonly onJudged?: (otherId: string, rows: number) => void;
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
  const judged = await judgeEvaluation(deps, input, scorecards, watch);
  const gate = await decideEvaluation(deps, input, scorecards, judged);
  return { scorecards, judged, gate, report: await reportEvaluation(deps, input, { scorecards, judged, gate }) };
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

/** The verdict; kept unless rows were left unanswered or unjudged, so that a later look can complete it. */
async function decideEvaluation(
  { store }: ActivityDeps,
  { key, suite: suiteRef, policy, judge }: EvaluationInput,
  scorecards: readonly ScorecardRef[],
  pairs: readonly JudgedPair[],
): Promise<GateResult> {
  const place = stageKey(key, 'gate');
  const stored = await getJson(store, place, gateResultSchema);
  if (stored !== undefined) {
    return stored;
  }
  const suite = await askedSuite(store, { suite: suiteRef });
  const { candidate, others } = sidesOf(await readContestants(store, scorecards));
  const judged = judge === undefined ? {} : { judged: await judgedBy(store, judge, pairs, policy) };
  const verdict = verdictSchema.parse(
    decide({ policy, suite: suite.sha256, suiteSlices: suite.slices, candidate, others, ...judged }),
  );
  const result: GateResult = {
    kind: verdict.kind,
    sentence: verdict.sentence,
    verdict: await putBlob(store, canonicalJson(verdict)),
    score: candidateScore(candidate, policy.metric, verdict.deciding),
    champion: null,
  };
  const complete = scorecards.every(({ errors }) => errors === 0) && pairs.every(({ unanswered }) => unanswered === 0);
  return complete ? await commitOnce(store, place, result, gateResultSchema) : result;
}

async function judgedBy(
  store: ObjectStore,
  { block }: EvaluationJudge,
  pairs: readonly JudgedPair[],
  policy: GateRecipe,
): Promise<Map<string, Judged>> {
  return await readJudged(store, pairs, policy, parseStored(block.key, await getBlob(store, block), judgeSchema));
}
