// What the workflow of a provider's batch and its activities tell each other, and the records of a batch in the store.
import { z } from 'zod';
import { blobRefSchema, type BlobRef } from './refs.ts';
import type { AskedShards } from './shard-window.ts';
import type { AskBase, SuiteContext } from './stage-inputs.ts';

/** Rows that an arm is asked in batches. */
export type BatchInput = SuiteContext &
  AskBase & {
    readonly rows: number;
    readonly shardRows: number;
    /** First shard to ask (inclusive) and last (exclusive). */
    readonly fromShard: number;
    readonly toShard: number;
    /** What may be spent; null for no limit. */
    readonly usd: number | null;
    readonly requests: number | null;
  };

/** A batch that the vendor has. */
export interface SubmittedBatch {
  /** Batches of an arm are counted from 0. */
  readonly number: number;
  readonly batchId: string;
  readonly questions: number;
}

/**
 * `none`: there is nothing to wait for. Every row has its answer; or the budget does not suffice; or a batch was perhaps
 * submitted, and its id was lost. Holds for the shards before `toShard`.
 */
export type BatchStart =
  | { readonly kind: 'submitted'; readonly batch: SubmittedBatch; readonly toShard: number }
  | { readonly kind: 'none'; readonly because: 'answered' | 'budget' | 'lost'; readonly toShard: number };

export type CollectInput = BatchInput & {
  readonly batch: SubmittedBatch | null;
  readonly because: 'answered' | 'budget' | 'lost';
};

/** Which batch of which arm. */
export interface BatchPlace {
  readonly runKey: string;
  readonly arm: AskBase['arm'];
}

/** How far a batch is. */
export interface BatchLook {
  readonly ended: boolean;
  readonly answered: number;
  readonly total: number;
}

export interface CollectedBatch {
  readonly asked: AskedShards<BlobRef>;
  /** True when the batch was stopped by an earlier run: what it left unanswered is to be asked in another one. */
  readonly again: boolean;
}

/** Written before a batch is submitted. */
export const batchIntentSchema = z.strictObject({
  key: z.string().describe('Mark by which the vendor’s batch is known again, where the vendor keeps one.'),
  questions: z.int().positive(),
  toRow: z.int().positive().describe('Row of the suite after the last one that the batch asks about.'),
  at: z.iso.datetime().describe('When it was about to be submitted.'),
});
export type BatchIntent = z.infer<typeof batchIntentSchema>;

/** Written as soon as the vendor has named it. */
export const batchIdSchema = z.strictObject({ batchId: z.string().min(1) });

/** Written when a run that is cancelled stops the vendor's batch. */
export const batchStoppedSchema = z.strictObject({ at: z.iso.datetime() });

const askedShardsSchema = z.strictObject({
  n: z.int().nonnegative(),
  correct: z.int().nonnegative(),
  errors: z.int().nonnegative(),
  requests: z.int().nonnegative(),
  paidUsd: z.number().nonnegative(),
  seconds: z.number().nonnegative(),
  incomplete: z.array(z.strictObject({ shard: z.int().nonnegative(), results: blobRefSchema })).readonly(),
  stopped: z.enum(['budget', 'down']).nullable(),
});

/** Written once nothing more comes of a batch; the next one has the next number. */
export const batchEndSchema = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('collected'),
    asked: askedShardsSchema,
    again: z.boolean(),
  }),
  z.strictObject({
    outcome: z.literal('refused').describe('The vendor took no such batch, so that nothing was paid.'),
    reason: z.string(),
  }),
  z.strictObject({
    outcome: z.literal('failed').describe('The vendor took the batch and refused it as a whole.'),
    codes: z.array(z.string()).describe('The vendor’s own words.'),
  }),
]);
export type BatchEnd = z.infer<typeof batchEndSchema>;
