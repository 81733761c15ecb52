// What a run's workflow is told and what it returns. Small records and references only.
import type { BlobRef } from './refs.ts';
import type { CurateResult } from './dataset.ts';
import type { PromoteResult } from './registry.ts';
import type { Arm, ScorecardRef } from './scorecard.ts';
import type { SidePlan } from './stage-inputs.ts';
import type { TrainResult } from './training.ts';
import type { SelectResult, SweepPlan } from './sweep.ts';
import type { GateResult } from './verdict.ts';

/** Durations of one run. Tests pass milliseconds; nothing in a workflow reads a clock. */
export interface RunTimeouts {
  readonly trainMs: number;
  readonly heartbeatMs: number;
  readonly shardMs: number;
  /** Waits between looks at a provider's batch, doubled from the first to the longest; the usual ones when absent. */
  readonly batchPolls?: { readonly firstMs: number; readonly longestMs: number };
}

/** A base model on a hub, pinned to a commit, that an accelerator worker fetches before training. */
export interface HubBase {
  readonly id: string;
  /** 40 hexadecimal digits. */
  readonly revision: string;
}

/** Input of the `contend` workflow. */
export interface RunInput {
  readonly runKey: string;
  readonly recipeName: string;
  /** The resolved recipe in the object store. */
  readonly recipe: BlobRef;
  /** Where each file of the recipe's sources was stored, in order. */
  readonly sources: readonly {
    readonly path: string;
    readonly blob: BlobRef;
    /** Commit of a hub's file. */
    readonly revision?: string;
    /** Number of its source in the recipe; its own place in this list when absent. */
    readonly source?: number;
  }[];
  /** JSON Lines of texts that no row may hold, from the suites and files of `decontaminate`. */
  readonly references?: BlobRef;
  /** The file of `evaluate.judge.human_labels`, with the name that says its format. */
  readonly humanLabels?: { readonly name: string; readonly file: BlobRef };
  readonly base: { readonly name: string; readonly sha256: string };
  /** Present for a base that is fetched from a hub; `base` then names it, and its digest is known once it is there. */
  readonly hub?: HubBase;
  /** Order on a busy accelerator queue: 1 first, 5 last; runs of one priority take turns. */
  readonly priority?: number;
  /** Present when the recipe lists values: the run trains several candidates. */
  readonly sweep?: SweepPlan;
  readonly arms: readonly Arm[];
  /** Route whose champion answers the same rows. */
  readonly championOf?: string;
  /** Suites beside the contest. */
  readonly sides?: readonly SidePlan[];
  /** Rows between two looks at the answers, when asking may stop early. */
  readonly lookRows?: number;
  /** Present when a person must approve before the route moves. */
  readonly approval?: { readonly waitMs: number };
  /** True when judges compare the candidate with every arm that it must beat. */
  readonly judged?: boolean;
  readonly shardRows: number;
  readonly gpuQueue: string;
  readonly routed: boolean;
  /** Part of every request-cache key: a fresh run or a nightly look asks again. Empty for ordinary runs. */
  readonly cacheEpoch: string;
  /** Who asked for the run; goes to the registry log. */
  readonly actor: string;
  readonly timeouts: RunTimeouts;
}

/** Result of the `contend` workflow. */
export interface RunOutcome {
  readonly runKey: string;
  readonly dataset: CurateResult;
  readonly candidate: TrainResult;
  /** Present when the run trained several candidates. */
  readonly selection?: SelectResult;
  readonly scorecards: readonly ScorecardRef[];
  readonly gate: GateResult;
  /** Present when the promotion waited for a person. */
  readonly approval?: Approval;
  readonly promotion: PromoteResult;
  readonly report: BlobRef;
}

/** A decision about a promotion that waits for a person. */
export interface Approval {
  readonly outcome: 'approved' | 'rejected' | 'expired';
  readonly actor: string;
  readonly reason: string;
}

/** State of one stage, for the stage table. */
export interface StageState {
  readonly stage: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'skipped' | 'cancelled';
  /** One short fact: counts, loss, verdict. */
  readonly note: string;
}

/** Answer of the `stages` query. */
export interface RunProgress {
  readonly stages: readonly StageState[];
}
