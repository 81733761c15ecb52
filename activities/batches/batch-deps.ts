// What the activities of batches need: a store, a clock, and somebody who talks to the vendors.
import type { Arm } from '../../domain/scorecard.ts';
import type { ObjectStore } from '../../registry/store.ts';
import type { BatchClient } from '../clients/batch-client.ts';
import { providerBatches } from '../clients/provider-batches.ts';
import type { ActivityDeps } from '../deps.ts';

/** Whose batches they are; rejects with BadInput when a key is missing. */
export type BatchClientOf = (arm: Arm) => Promise<BatchClient>;

export interface BatchDeps {
  readonly store: ObjectStore;
  readonly now: () => Date;
  readonly clientOf: BatchClientOf;
}

/** An answer in a batch is read from a file: no wait for a single one needs a limit of its own. */
const timeoutMs = 60_000;

export function vendorsOf({ secret }: Pick<ActivityDeps, 'secret'>): BatchClientOf {
  return async ({ id, provider, endpoint }) => {
    if ((provider !== 'openai' && provider !== 'anthropic') || endpoint === undefined) {
      throw new RangeError(`arm ${id} cannot be asked in batches`);
    }
    return await providerBatches(provider, { baseline: endpoint, secret, timeoutMs });
  };
}
