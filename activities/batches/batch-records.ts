// Records of an arm's batches in the store. Each is written once: what was intended, what the vendor called it, its end.
import {
  batchEndSchema,
  batchIdSchema,
  batchIntentSchema,
  batchStoppedSchema,
  type BatchEnd,
  type BatchIntent,
  type BatchPlace,
} from '../../domain/batch-stage.ts';
import { stageKey } from '../../domain/refs.ts';
import { commitOnce, getJson } from '../../registry/json.ts';
import type { ObjectStore } from '../../registry/store.ts';

/** The batch of an arm that has not ended, or the number of the next one. */
export interface OpenBatch {
  readonly number: number;
  readonly intent: BatchIntent | undefined;
  readonly batchId: string | undefined;
}

type Part = 'intent' | 'id' | 'stopped' | 'end';

/** Where a record lies. People who look for a lost batch are told of it. */
export function recordKey({ runKey, arm }: BatchPlace, number: number, part: Part): string {
  return stageKey(runKey, `evaluate/${arm.id}/batch-${String(number).padStart(4, '0')}-${part}`);
}

export async function openBatch(store: ObjectStore, place: BatchPlace): Promise<OpenBatch> {
  let number = 0;
  while ((await batchEnd(store, place, number)) !== undefined) {
    number += 1;
  }
  const intent = await getJson(store, recordKey(place, number, 'intent'), batchIntentSchema);
  const named = intent === undefined ? undefined : await getJson(store, recordKey(place, number, 'id'), batchIdSchema);
  return { number, intent, batchId: named?.batchId };
}

export async function batchEnd(store: ObjectStore, place: BatchPlace, number: number): Promise<BatchEnd | undefined> {
  return await getJson(store, recordKey(place, number, 'end'), batchEndSchema);
}

export async function wasStopped(store: ObjectStore, place: BatchPlace, number: number): Promise<boolean> {
  return (await getJson(store, recordKey(place, number, 'stopped'), batchStoppedSchema)) !== undefined;
}

/** Each writes its record unless it is there, and gives what is there. */
export const keepBatch = {
  async intent(store: ObjectStore, place: BatchPlace, number: number, intent: BatchIntent): Promise<BatchIntent> {
    return await commitOnce(store, recordKey(place, number, 'intent'), intent, batchIntentSchema);
  },
  async id(store: ObjectStore, place: BatchPlace, number: number, batchId: string): Promise<string> {
    return (await commitOnce(store, recordKey(place, number, 'id'), { batchId }, batchIdSchema)).batchId;
  },
  async stopped(store: ObjectStore, place: BatchPlace, number: number, at: Date): Promise<void> {
    await commitOnce(store, recordKey(place, number, 'stopped'), { at: at.toISOString() }, batchStoppedSchema);
  },
  async end(store: ObjectStore, place: BatchPlace, number: number, end: BatchEnd): Promise<BatchEnd> {
    return await commitOnce(store, recordKey(place, number, 'end'), end, batchEndSchema);
  },
} as const;
