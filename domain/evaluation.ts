// An evaluation: endpoints on a suite, without anything being trained.
import type { JudgedPair, JudgeSummaryInput } from './judge-stage.ts';
import type { BlobRef } from './refs.ts';
import type { GateRecipe } from './recipe-gate.ts';
import type { Arm, ScorecardRef } from './scorecard.ts';
import type { GateResult } from './verdict.ts';

/** Who judges an evaluation. */
export interface EvaluationJudge {
  /** A `judge` block with all defaults. */
  readonly block: BlobRef;
  /** The file of `judge.human_labels`; absent without one. */
  readonly humanLabels?: NonNullable<JudgeSummaryInput['humanLabels']>;
}

export interface EvaluationInput {
  /** `eval-` and 16 hexadecimal digits: the hash of suite, arms, policy and judge; `-2`, `-3` … when done anew. */
  readonly key: string;
  /** Name of the suite, for people. */
  readonly title: string;
  readonly suite: BlobRef;
  readonly rows: number;
  readonly shardRows: number;
  /** One candidate, and the arms it contends with. */
  readonly arms: readonly Arm[];
  readonly policy: GateRecipe;
  /** Absent when no judge is asked. */
  readonly judge?: EvaluationJudge;
  /** Part of every cache key: an evaluation that is done anew asks again. */
  readonly cacheEpoch: string;
}

export interface EvaluationOutcome {
  readonly scorecards: readonly ScorecardRef[];
  /** What judges said of the candidate and each baseline; empty without a judge. */
  readonly judged: readonly JudgedPair[];
  readonly gate: GateResult;
  readonly report: BlobRef;
}
