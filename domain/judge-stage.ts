// Inputs and small results of judging: what is judged, by reference.
import { z } from 'zod';
import { blobRefSchema, sha256Schema, type BlobRef } from './refs.ts';
import type { RunTimeouts } from './run.ts';
import type { Arm } from './scorecard.ts';
import type { SuiteContext } from './stage-inputs.ts';

/** One of the two arms: by its scorecard, which names the results, or by the results themselves. */
export type JudgedSide = { readonly scorecard: BlobRef } | OpenedSide;

export interface OpenedSide {
  readonly arm: Arm;
  /** Per-row results, JSONL: of one shard, of several, or of the whole arm; rows that are not judged are passed over. */
  readonly results: readonly BlobRef[];
}

/** What the shards and the summary of a pair of arms have in common. */
export type JudgePairInput = SuiteContext & {
  /** A `judge` block, resolved; that of the recipe when absent. */
  readonly judge?: BlobRef;
  readonly candidate: JudgedSide;
  readonly other: JudgedSide;
};

const spentSchema = z.strictObject({ usd: z.number().nonnegative(), requests: z.int().nonnegative() });

/** What was spent on each judge, by its id. */
export const spentByJudgeSchema = z.record(z.string(), spentSchema);
export type SpentByJudge = z.infer<typeof spentByJudgeSchema>;

export type JudgeShardInput = JudgePairInput & {
  readonly cacheEpoch: string;
  /** Sum over everything judged before in this run, against any arm: counts towards the judges' budgets. */
  readonly spent: SpentByJudge;
  /** Why an earlier shard stopped asking: then nothing more is asked, and only what is known is read. */
  readonly stopped?: 'budget' | 'down';
  readonly shard: number;
  /** First row of the suite (inclusive) and last (exclusive). */
  readonly from: number;
  readonly to: number;
};

export const judgeShardResultSchema = z.strictObject({
  judgements: blobRefSchema.describe('Row judgements, JSONL, in the order of the suite.'),
  digest: sha256Schema.describe('Digest of the judge.'),
  n: z.int().positive(),
  unreadable: z.int().nonnegative(),
  unanswered: z.int().nonnegative().describe('Rows with a request that was not answered; the shard is then not kept.'),
  spent: spentByJudgeSchema.describe('Paid by this run for this shard, whichever attempt asked.'),
  stopped: z.enum(['budget', 'down']).nullable().describe('Why requests were not asked.'),
  seconds: z.number().nonnegative(),
});
export type JudgeShardResult = z.infer<typeof judgeShardResultSchema>;

export type JudgeSummaryInput = JudgePairInput & {
  /** Every shard of the pair, in order. */
  readonly shards: readonly JudgeShardResult[];
  /** The file of `judge.human_labels`, with the name that says its format; absent without one. */
  readonly humanLabels?: { readonly name: string; readonly file: BlobRef };
};

/** Input of the `judgePair` workflow: all shards of one pair, one after another. */
export type JudgePairPlan = JudgePairInput &
  Pick<JudgeShardInput, 'cacheEpoch' | 'spent'> &
  Pick<JudgeSummaryInput, 'humanLabels'> & {
    /** Id of the other arm, for people. */
    readonly otherId: string;
    /** Rows of the suite, and rows of a shard. */
    readonly rows: number;
    readonly shardRows: number;
    readonly timeouts: RunTimeouts;
  };

/** What travels on of a judged pair. */
export const judgedPairSchema = z.strictObject({
  candidate: z.string().describe('Arm id.'),
  other: z.string().describe('Arm id.'),
  summary: blobRefSchema.describe('JSON of the summary, which names the judgements.'),
  digest: sha256Schema.describe('Digest of the judge.'),
  preference: z.number().describe('Mean preference, from -1 (other arm) to 1 (candidate).'),
  unanswered: z.int().nonnegative().describe('Rows still to be judged.'),
  spent: spentByJudgeSchema,
});
export type JudgedPair = z.infer<typeof judgedPairSchema>;
