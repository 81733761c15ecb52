// Entry of a worker thread: piscina calls `work` with one job after another.
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';
import { JobRunner, transferable, type Job, type JobResult } from './curation-worker.ts';

const runner = await JobRunner.create(workerData);

/** The result, or the result with its buffers marked to be handed over instead of copied. */
export async function work(job: Job): Promise<unknown> {
  const result: JobResult = await runner.run(job);
  const buffers = transferable(result);
  return buffers.length === 0 ? result : move({ [transferableSymbol]: buffers, [valueSymbol]: result });
}
