// Activities of the accelerator queue: fetching a base model, supervisors of a trainer and of model servers.
import type { HubBase } from '../domain/run.ts';
import type { FetchedBase, ServeInput, TrainInput } from '../domain/stage-inputs.ts';
import type { TrainResult } from '../domain/training.ts';
import type { ActivityDeps } from './deps.ts';
import { fetchBase } from './fetch-base.ts';
import { withTypedFailures } from './typed-failures.ts';
import { serve } from './serve.ts';
import { train } from './train.ts';

export type GpuActivities = {
  /** Brings a hub’s base model to this machine, verified, and names the queue of the machine. */
  fetchBase(input: HubBase): Promise<FetchedBase>;
  /** Trains the candidate and stores its artefact; adopts a trainer that already runs. */
  train(input: TrainInput): Promise<TrainResult>;
  /** Keeps a model server up until it is cancelled, then stops it. */
  serve(input: ServeInput): Promise<void>;
};

export function createGpuActivities(deps: ActivityDeps): GpuActivities {
  return {
    fetchBase: (input) => withTypedFailures(() => fetchBase(deps, input)),
    train: (input) => withTypedFailures(() => train(deps, input)),
    serve: (input) => withTypedFailures(() => serve(deps, input)),
  };
}
