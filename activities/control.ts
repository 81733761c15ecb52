// Activities that need no accelerator: they read and write the object store.
import type { CurateResult } from '../domain/dataset.ts';
import type { NightlyCompareInput, NightlyInput, NightlyPlan, NightlyResult } from '../domain/nightly.ts';
import type { BlobRef } from '../domain/refs.ts';
import type { PromoteResult } from '../domain/registry.ts';
import type { JudgedPair, JudgeShardInput, JudgeShardResult, JudgeSummaryInput } from '../domain/judge-stage.ts';
import type { RunInput } from '../domain/run.ts';
import type { ScorecardRef } from '../domain/scorecard.ts';
import type {
  ChampionModel,
  ContestResult,
  GateInput,
  LookResult,
  PromoteInput,
  ReportInput,
  ScoreInput,
} from '../domain/stage-inputs.ts';
import type { SelectInput, SelectResult } from '../domain/sweep.ts';
import type { GateResult } from '../domain/verdict.ts';
import { compareNightly } from './compare-nightly.ts';
import { findContest, keepContest } from './contest-result.ts';
import { curate } from './curate.ts';
import type { ActivityDeps } from './deps.ts';
import { findChampion, type FindChampionInput } from './find-champion.ts';
import { gate } from './gate.ts';
import { look } from './look.ts';
import { judge, summariseJudges } from './judge.ts';
import { withTypedFailures } from './typed-failures.ts';
import { planNightly } from './plan-nightly.ts';
import { findPromotion, promote } from './promote.ts';
import { report } from './report.ts';
import { score } from './score.ts';
import { selectCandidate } from './select-candidate.ts';
import { finalChoice } from './sweep-choice.ts';

export type ControlActivities = {
  curate(input: RunInput): Promise<CurateResult>;
  score(input: ScoreInput): Promise<ScorecardRef>;
  /** The contest's stored result, or null. */
  findContest(runKey: string): Promise<ContestResult | null>;
  keepContest(runKey: string, result: ContestResult): Promise<ContestResult>;
  /** The choice of a sweep that stands, or null. */
  findChoice(runKey: string): Promise<SelectResult | null>;
  /** Chooses the candidate of a sweep by the validation rows. */
  selectCandidate(input: SelectInput): Promise<SelectResult>;
  /** The model that holds a route; null when there is none, or when it is the candidate itself. */
  findChampion(input: FindChampionInput): Promise<ChampionModel | null>;
  /** Whether the answers so far settle the matter. */
  look(input: GateInput): Promise<LookResult>;
  /** A panel judges one shard of a pair of arms; one shard after another. */
  judge(input: JudgeShardInput): Promise<JudgeShardResult>;
  /** After all shards of a pair. */
  summariseJudges(input: JudgeSummaryInput): Promise<JudgedPair>;
  gate(input: GateInput): Promise<GateResult>;
  /** The run's stored promotion, or null. */
  findPromotion(runKey: string): Promise<PromoteResult | null>;
  promote(input: PromoteInput): Promise<PromoteResult>;
  report(input: ReportInput): Promise<BlobRef>;
  planNightly(input: NightlyInput & { readonly nightKey: string }): Promise<NightlyPlan>;
  compareNightly(input: NightlyCompareInput): Promise<NightlyResult>;
};

export function createControlActivities(deps: ActivityDeps): ControlActivities {
  return {
    curate: (input) => withTypedFailures(() => curate(deps, input)),
    score: (input) => withTypedFailures(() => score(deps, input)),
    findContest: (runKey) => withTypedFailures(() => findContest(deps, runKey)),
    keepContest: (runKey, result) => withTypedFailures(() => keepContest(deps, runKey, result)),
    findChoice: (runKey) => withTypedFailures(() => finalChoice(deps.store, runKey)),
    selectCandidate: (input) => withTypedFailures(() => selectCandidate(deps, input)),
    findChampion: (input) => withTypedFailures(() => findChampion(deps, input)),
    look: (input) => withTypedFailures(() => look(deps, input)),
    judge: (input) => withTypedFailures(() => judge(deps, input)),
    summariseJudges: (input) => withTypedFailures(() => summariseJudges(deps, input)),
    gate: (input) => withTypedFailures(() => gate(deps, input)),
    findPromotion: (runKey) => withTypedFailures(() => findPromotion(deps, runKey)),
    promote: (input) => withTypedFailures(() => promote(deps, input)),
    report: (input) => withTypedFailures(() => report(deps, input)),
    planNightly: (input) => withTypedFailures(() => planNightly(deps, input)),
    compareNightly: (input) => withTypedFailures(() => compareNightly(deps, input)),
  };
}
