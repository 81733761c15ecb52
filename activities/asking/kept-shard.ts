// A shard's results as they are kept: where they lie, and when they count as complete.
import { stageKey } from '../../domain/refs.ts';
import type { RowResult } from '../../domain/scorecard.ts';
import { askResultSchema, type AskResult } from '../../domain/stage-inputs.ts';
import { putBlob } from '../../registry/blobs.ts';
import { commitOnce, getJson } from '../../registry/json.ts';
import type { ObjectStore } from '../../registry/store.ts';
import { toLines } from '../json-lines.ts';

/** Where a shard's committed result lies. */
export function shardKey(runKey: string, armId: string, shard: number): string {
  return stageKey(runKey, `evaluate/${armId}/${String(shard).padStart(4, '0')}`);
}

/** The committed result at a key; undefined when rows of the shard are still to be answered. */
export async function keptShard(store: ObjectStore, key: string): Promise<AskResult | undefined> {
  return await getJson(store, key, askResultSchema);
}

/** Stores results. A shard with unanswered rows is not committed: the next run asks for them again. */
export async function keepShard(
  store: ObjectStore,
  key: string,
  results: readonly RowResult[],
  asked: Pick<AskResult, 'seconds' | 'requests' | 'paidUsd' | 'stopped'>,
): Promise<AskResult> {
  const result: AskResult = {
    results: await putBlob(store, toLines(results)),
    n: results.length,
    correct: results.filter(({ score }) => score === 1).length,
    errors: results.filter(({ error }) => error !== undefined).length,
    ...asked,
  };
  return result.errors > 0 ? result : await commitOnce(store, key, result, askResultSchema);
}
