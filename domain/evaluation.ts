// An evaluation: endpoints on a suite, without anything being trained.
import type { BlobRef } from './refs.ts';
import type { GateRecipe } from './recipe-gate.ts';
import type { Arm, ScorecardRef } from './scorecard.ts';
import type { GateResult } from './verdict.ts';

export interface EvaluationInput {
  /** `eval-` and 16 hexadecimal digits: the hash of suite, arms and policy; `-2`, `-3` … when done anew. */
  readonly key: string;
  /** Name of the suite, for people. */
  readonly title: string;
  readonly suite: BlobRef;
  readonly rows: number;
  readonly shardRows: number;
  /** One candidate, and the arms it contends with. */
  readonly arms: readonly Arm[];
  readonly policy: GateRecipe;
  /** Part of every cache key: an evaluation that is done anew asks again. */
  readonly cacheEpoch: string;
}

export interface EvaluationOutcome {
  readonly scorecards: readonly ScorecardRef[];
  readonly gate: GateResult;
  readonly report: BlobRef;
}
