// How far a batch is.
import type { BatchLook, BatchPlace, SubmittedBatch } from '../../domain/batch-stage.ts';
import { failureTypes } from '../../domain/failures.ts';
import { AskError } from '../clients/model-client.ts';
import { permanent } from '../permanent.ts';
import type { BatchDeps } from './batch-deps.ts';
import { keepBatch } from './batch-records.ts';

/** Throws a permanent failure with the vendor's codes when the batch failed as a whole; the next run submits another. */
export async function pollBatch(
  { store, clientOf }: BatchDeps,
  place: BatchPlace & { readonly batch: SubmittedBatch },
  signal: AbortSignal,
): Promise<BatchLook> {
  const { arm, batch } = place;
  const where = `arm ${arm.id}`;
  const client = await clientOf(arm);
  const { state, counts, codes } = await client.poll(batch.batchId, signal).catch((error: unknown) => {
    throw error instanceof AskError && error.kind !== 'transient'
      ? permanent(failureTypes.providerRefused, `batch ${batch.batchId} cannot be read: ${error.message}`, { where })
      : error;
  });
  if (state === 'failed') {
    await keepBatch.end(store, place, batch.number, { outcome: 'failed', codes: [...codes] });
    const why = codes.length === 0 ? 'no code given' : codes.join(', ');
    throw permanent(failureTypes.providerRefused, `${arm.provider} refused batch ${batch.batchId}: ${why}`, {
      where,
      hint: 'set right what the code names, then run the recipe again: another batch is then submitted',
    });
  }
  return { ended: state === 'ended', answered: counts.answered, total: counts.total };
}
