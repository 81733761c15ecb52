// Inputs and small results of the activities: what a stage is told, by reference.
import { z } from 'zod';
import { blobRefSchema, type BlobRef } from './refs.ts';
import type { JudgedPair } from './judge-stage.ts';
import { metricSchema, type Metric } from './metrics.ts';
import type { RunInput } from './run.ts';
import type { AskedShards } from './shard-window.ts';
import type { CurateResult } from './dataset.ts';
import { scorecardRefSchema, type Arm, type ScorecardRef } from './scorecard.ts';
import type { TrainResult, TrainingProgress } from './training.ts';
import type { GateResult } from './verdict.ts';
import type { PromoteResult } from './registry.ts';
import type { SelectResult } from './sweep.ts';

/** What every stage after curation needs to find its inputs. */
export interface StageContext {
  readonly runKey: string;
  readonly recipe: BlobRef;
  readonly manifest: BlobRef;
  /** Rows that are asked; the test rows when absent. */
  readonly split?: 'validation' | 'test';
}

export interface TrainInput extends StageContext {
  readonly recipeName: string;
  readonly base: RunInput['base'];
  /** Longest time one trainer process may run, in milliseconds. */
  readonly limitMs: number;
  /** Workflow that shows the progress; null for none. */
  readonly reportTo: string | null;
}

/** What a served model is made of; `classical` is the stand-in, trained on the run's rows when it starts. */
export interface ServeInput extends StageContext {
  readonly kind: 'language-model' | 'classical';
  readonly base: RunInput['base'];
  readonly adapters: Readonly<Record<string, BlobRef>>;
  /** Whether the base is quantized; as the recipe trains when absent. */
  readonly quantized?: boolean;
}

/** Sent by a serving activity to its workflow once the server answers. */
export interface ServerReady {
  readonly kind: ServeInput['kind'];
  /** Queue of the machine that can reach the server. */
  readonly hostQueue: string;
}

export interface ParityInput extends StageContext {
  readonly adapter: BlobRef;
  readonly model: string;
}

export interface ParityResult {
  readonly prompts: number;
}

/** Rows to ask: those of a run's dataset version, or those of a suite stored as such. */
export type SuiteContext = StageContext | { readonly runKey: string; readonly suite: BlobRef };

/** What one arm's questions have in common. */
export interface AskBase {
  /** Key of the run whose server answers; that of the run itself when absent. */
  readonly servedBy?: string;
  readonly arm: Arm;
  /** Digest of what answers: adapter and base, or provider and model id. Part of the cache key. */
  readonly identity: string;
  readonly cacheEpoch: string;
}

/** One shard of one arm. */
export type AskInput = SuiteContext &
  AskBase & {
    /** Paid for this arm's earlier shards, in USD: counts towards its budget when no allowance is given. */
    readonly paidUsd: number;
    /** What this shard may spend; null for no limit. */
    readonly allowance?: { readonly usd: number | null; readonly requests: number | null };
    readonly shard: number;
    /** First row (inclusive) and last (exclusive). */
    readonly from: number;
    readonly to: number;
  };

/** One arm's answers to one shard. */
export const askResultSchema = z.strictObject({
  results: blobRefSchema.describe('Per-row results, JSONL.'),
  seconds: z.number().nonnegative(),
  n: z.int().positive(),
  correct: z.int().nonnegative(),
  errors: z.int().nonnegative().default(0).describe('Rows without an answer.'),
  requests: z.int().nonnegative().default(0).describe('Requests sent for this shard, failed ones included.'),
  paidUsd: z.number().nonnegative().describe('Paid for this shard; cached answers are free.'),
  stopped: z
    .enum(['budget', 'down'])
    .nullable()
    .default(null)
    .describe('Why rows were not asked: the budget is spent, or the endpoint no longer answers.'),
});
export type AskResult = z.infer<typeof askResultSchema>;

/** What one arm's shards came to; results of complete shards lie in the store. */
export interface AskedArm extends AskedShards<BlobRef> {
  readonly shardRows: number;
  /** Rows that were to be asked, from the first of the suite on. */
  readonly rows: number;
}

/** A suite beside the contest, before it is asked. */
export interface SidePlan {
  readonly guard: 'forgetting' | 'refusals';
  /** Name of the suite, for people. */
  readonly name: string;
  readonly suite: BlobRef;
  readonly metric: Metric;
  readonly rows: number;
}

/** The model that holds the route, as far as it must be served. */
export interface ChampionModel {
  readonly modelVersion: string;
  readonly base: RunInput['base'];
  readonly adapter: BlobRef;
  /** True when its adapter was learnt on top of a quantized base. */
  readonly quantized: boolean;
  /** True when the candidate's server can serve it as well: the same base, quantized alike. */
  readonly sameServer: boolean;
}

/** A suite beside the contest that guards something: candidate and untuned base on the same rows. */
export const sideContestSchema = z.strictObject({
  guard: z.enum(['forgetting', 'refusals']),
  suite: z.string().describe('Name of the suite, for people.'),
  metric: metricSchema.describe('The first scorer of the suite; right behaviour scores 1.'),
  scorecards: z.array(scorecardRefSchema).describe('One of the arm `candidate` and one of the arm `base`.'),
});
export type SideContest = z.infer<typeof sideContestSchema>;

export type ScoreInput = SuiteContext & {
  readonly arm: Arm;
  /** Every shard's result, as runs of version 0.1.0 pass them. */
  readonly shards?: readonly AskResult[];
  readonly asked?: AskedArm;
};

/** Whether the answers so far settle the matter. */
export interface LookResult {
  readonly settled: boolean;
  /** What they show, in words for the stage table. */
  readonly note: string;
}

export interface GateInput extends StageContext {
  readonly scorecards: readonly ScorecardRef[];
  readonly parityPrompts: number;
  /** Absent when the policy guards nothing beside the contest. */
  readonly sides?: readonly SideContest[];
  /** What judges said of the candidate and each arm that it must beat; absent without a judge. */
  readonly judged?: readonly JudgedPair[];
}

export interface PromoteInput extends StageContext {
  readonly recipeName: string;
  readonly base: RunInput['base'];
  readonly candidate: TrainResult;
  readonly scorecards: readonly ScorecardRef[];
  readonly gate: GateResult;
  readonly actor: string;
  /** Registers the version but moves no route when the verdict is not `promote` or the recipe has none. */
  readonly takeRoute: boolean;
  /** True when nobody approved in time: the outcome is then not kept, and the next run asks again. */
  readonly undecided?: boolean;
}

/** Input of the `contest` workflow: arms on the same rows. */
export interface ContestInput extends StageContext {
  readonly recipeName: string;
  readonly base: RunInput['base'];
  readonly adapter: BlobRef;
  readonly arms: readonly Arm[];
  readonly testRows: number;
  readonly shardRows: number;
  readonly gpuQueue: string;
  readonly cacheEpoch: string;
  readonly timeouts: RunInput['timeouts'];
  /** Workflow that shows the progress; null for none. */
  readonly reportTo: string | null;
  /** The model that holds the route, to answer the same rows. */
  readonly champion?: ChampionModel;
  readonly sides?: readonly SidePlan[];
  /** Rows between two looks at the answers, when asking may stop early. */
  readonly lookRows?: number;
}

/** Result of the `evaluate` stage. */
export const contestResultSchema = z.strictObject({
  parityPrompts: z
    .int()
    .nonnegative()
    .describe('Prompts whose tokens were the same at serving as at training; 0 when the trainer left none to compare.'),
  scorecards: z.array(scorecardRefSchema).min(1),
  sides: z.array(sideContestSchema).optional(),
  looks: z.int().positive().optional().describe('Looks at the answers, when asking could stop early.'),
});
export type ContestResult = z.infer<typeof contestResultSchema>;

/** Progress of a stage, signalled to the run's workflow a bounded number of times. */
export type StageProgress =
  | { readonly stage: 'train'; readonly progress: TrainingProgress }
  | { readonly stage: 'train'; readonly note: string }
  | { readonly stage: 'serve' | 'evaluate'; readonly state: 'running' | 'done'; readonly note: string };

/** What the base of a hub became on the machine that fetched it. */
export interface FetchedBase {
  readonly base: RunInput['base'];
  /** Queue of the machine that has it now. */
  readonly hostQueue: string;
}

export interface ReportInput {
  readonly run: RunInput;
  readonly dataset: CurateResult;
  readonly candidate: TrainResult;
  readonly scorecards: readonly ScorecardRef[];
  readonly gate: GateResult;
  readonly promotion: PromoteResult;
  readonly selection?: SelectResult;
  /** Summaries of the judges, one for each pair of arms. */
  readonly judged?: readonly { readonly summary: BlobRef }[];
}
