// Activities of arms that are asked through a provider's batch API.
import { Context } from '@temporalio/activity';
import type {
  BatchInput,
  BatchLook,
  BatchPlace,
  BatchStart,
  CollectedBatch,
  CollectInput,
  SubmittedBatch,
} from '../domain/batch-stage.ts';
import { vendorsOf, type BatchClientOf, type BatchDeps } from './batches/batch-deps.ts';
import { cancelBatch } from './batches/cancel-batch.ts';
import { collectBatch } from './batches/collect-batch.ts';
import { pollBatch } from './batches/poll-batch.ts';
import { submitBatch } from './batches/submit-batch.ts';
import type { ActivityDeps } from './deps.ts';
import { withTypedFailures } from './typed-failures.ts';
import { withHeartbeats } from './with-heartbeats.ts';

export type BatchActivities = {
  /** Submits the unanswered questions, or finds the batch that has them. */
  submitBatch(input: BatchInput): Promise<BatchStart>;
  pollBatch(input: BatchPlace & { readonly batch: SubmittedBatch }): Promise<BatchLook>;
  /** Keeps the answers of a batch that has ended; without a batch, what is known already. */
  collectBatch(input: CollectInput): Promise<CollectedBatch>;
  /** Stops the arm's batch at its vendor, if there is one. */
  cancelBatch(input: BatchPlace): Promise<void>;
};

export function createBatchActivities(
  { store, now, secret }: Pick<ActivityDeps, 'store' | 'now' | 'secret'>,
  clientOf: BatchClientOf = vendorsOf({ secret }),
): BatchActivities {
  const deps: BatchDeps = { store, now, clientOf };
  return {
    submitBatch: (input) => beating(() => submitBatch(deps, input)),
    pollBatch: (input) => beating(() => pollBatch(deps, input, Context.current().cancellationSignal)),
    collectBatch: (input) => beating(() => collectBatch(deps, input, Context.current().cancellationSignal)),
    cancelBatch: (input) => beating(() => cancelBatch(deps, input)),
  };
}

async function beating<Result>(work: () => Promise<Result>): Promise<Result> {
  return await withHeartbeats(() => withTypedFailures(work));
}
