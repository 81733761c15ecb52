// Trains one candidate under the supervision of an activity on the accelerator queue.
import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { GpuActivities } from '../activities/gpu.ts';
import type { RunTimeouts } from '../domain/run.ts';
import type { TrainInput } from '../domain/stage-inputs.ts';
import type { TrainResult } from '../domain/training.ts';
import { supervisorPolicy } from './policies.ts';

export interface TrainCandidateInput {
  readonly train: TrainInput;
  readonly queue: string;
  readonly timeouts: RunTimeouts;
}

export async function trainCandidate({ train, queue, timeouts }: TrainCandidateInput): Promise<TrainResult> {
  setCurrentDetails(`Training on queue \`${queue}\`; steps and loss are in the pending activity's heartbeat.`);
  const gpu = proxyActivities<GpuActivities>(supervisorPolicy(queue, timeouts.trainMs, timeouts));
  const result = await gpu.train.executeWithOptions({ summary: `train ${train.recipeName} on ${train.base.name}` }, [
    train,
  ]);
  const { trainer } = result;
  setCurrentDetails(
    `${trainer.steps} steps, loss ${trainer.train_loss.toFixed(3)}, ${trainer.seconds.toFixed(0)} s on ${trainer.device}`,
  );
  return result;
}
