// Providers' batch APIs: many questions at once, answered within a day, at half the price. Whoever uses them submits,
// keeps the batch's id, polls, and reads the results once the batch has ended.
import type { Answer, AskError, Question } from './model-client.ts';

export interface BatchItem {
  /** Letters, digits, `-` and `_`, at most 64: what both vendors allow. A hash of the request will do. */
  readonly id: string;
  readonly question: Omit<Question, 'signal'>;
}

export interface BatchProgress {
  /** `failed`: the vendor refused the whole batch and nothing was answered. `ended`: results may be read. */
  readonly state: 'running' | 'ended' | 'failed';
  readonly counts: { readonly total: number; readonly answered: number; readonly failed: number };
  /** Vendor's codes that say why a batch failed. */
  readonly codes: readonly string[];
}

export interface BatchResult {
  readonly id: string;
  readonly outcome: Answer | AskError;
}

/** What is known of a batch before the vendor gives it an id. */
export interface BatchMark {
  readonly key: string;
  readonly questions: number;
  /** When it was about to be submitted, by our clock. */
  readonly at: Date;
}

/**
 * `unknown`: the vendor's batches carry no mark, and one with as many questions was made since. It may be another's.
 */
export type FoundBatch = { readonly state: 'found'; readonly batchId: string } | { readonly state: 'none' | 'unknown' };

/** By how much the vendor's clock may differ from ours when batches are looked for by time, in milliseconds. */
export const clockSlackMs = 3_600_000;

export interface BatchClient {
  /**
   * Hands the questions over and gives the batch's id. `key` marks the batch so that `find` knows it again. Throws
   * AskError as clients do, and RangeError when the items are more than `batchLimits` or an id is not allowed.
   */
  submit(items: readonly BatchItem[], key: string, signal: AbortSignal): Promise<string>;
  /** Looks for a batch that was perhaps submitted, for whoever was stopped before they could note its id. */
  find(mark: BatchMark, signal: AbortSignal): Promise<FoundBatch>;
  poll(batchId: string, signal: AbortSignal): Promise<BatchProgress>;
  /**
   * Results of a batch that has ended, in any order. An item that expired or was cancelled is a transient fault; one that
   * is missing altogether was not answered either. Throws AskError when they cannot be read.
   */
  results(batchId: string, signal: AbortSignal): AsyncIterable<BatchResult>;
  /** Asks the vendor to stop a batch. It ends some time later, and what was answered by then can be read. */
  cancel(batchId: string, signal: AbortSignal): Promise<void>;
}

/**
 * Questions in one batch at most. https://platform.openai.com/docs/guides/batch,
 * https://docs.anthropic.com/en/docs/build-with-claude/batch-processing.
 */
export const batchLimits = { openai: 50_000, anthropic: 100_000 } as const;

/** Throws RangeError for items that the vendor would refuse. */
export function requireBatchable(items: readonly BatchItem[], limit: number): void {
  if (items.length === 0 || items.length > limit) {
    throw new RangeError(`a batch has 1 to ${limit} questions, not ${items.length}`);
  }
  if (
    items.some(({ id }) => !/^[A-Za-z0-9_-]{1,64}$/u.test(id)) ||
    new Set(items.map(({ id }) => id)).size < items.length
  ) {
    throw new RangeError('ids in a batch must differ, and be letters, digits, - and _, at most 64');
  }
}
