// Activities of the accelerator queue: supervisors of a trainer and of model servers.
import type { ServeInput, TrainInput } from '../domain/stage-inputs.ts';
import type { TrainResult } from '../domain/training.ts';
import type { ActivityDeps } from './deps.ts';
import { withTypedFailures } from './permanent.ts';
import { serve } from './serve.ts';
import { train } from './train.ts';

export type GpuActivities = {
  /** Trains the candidate and stores its artefact; adopts a trainer that already runs. */
  train(input: TrainInput): Promise<TrainResult>;
  /** Keeps a model server up until it is cancelled, then stops it. */
  serve(input: ServeInput): Promise<void>;
};

export function createGpuActivities(deps: ActivityDeps): GpuActivities {
  return {
    train: (input) => withTypedFailures(() => train(deps, input)),
    serve: (input) => withTypedFailures(() => serve(deps, input)),
  };
}
