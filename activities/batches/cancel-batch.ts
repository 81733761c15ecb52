// Stops the batch of an arm at its vendor, when the run is cancelled.
import type { BatchPlace } from '../../domain/batch-stage.ts';
import { AskError } from '../clients/model-client.ts';
import type { BatchDeps } from './batch-deps.ts';
import { keepBatch, openBatch } from './batch-records.ts';

/**
 * Notes first that the batch was stopped, so that the next run reads what was answered and asks for the rest. Does
 * nothing when no batch is open. Throws AskError when the vendor cannot be reached.
 */
export async function cancelBatch({ store, now, clientOf }: BatchDeps, place: BatchPlace): Promise<void> {
  const { number, intent, batchId } = await openBatch(store, place);
  if (intent === undefined) {
    return;
  }
  const signal = AbortSignal.timeout(60_000);
  const client = await clientOf(place.arm);
  const { key, questions, at } = intent;
  const found =
    batchId === undefined
      ? await client.find({ key, questions, at: new Date(at) }, signal)
      : ({ state: 'found', batchId } as const);
  if (found.state !== 'found') {
    return;
  }
  await keepBatch.id(store, place, number, found.batchId);
  await keepBatch.stopped(store, place, number, now());
  try {
    await client.cancel(found.batchId, signal);
  } catch (error) {
    if (!(error instanceof AskError) || !hasEnded(error)) {
      throw error;
    }
  }
}

/** Vendors refuse to stop what has ended: OpenAI with 409 or 400, Anthropic with 400. */
function hasEnded({ status, kind }: AskError): boolean {
  return kind === 'row' || status === 400 || status === 409;
}
