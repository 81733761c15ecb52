// Activities that ask models: on the machine of a served model, or anywhere for a provider's endpoint.
import type { AskInput, AskResult, ParityInput, ParityResult } from '../domain/stage-inputs.ts';
import { ask } from './ask.ts';
import { checkParity } from './check-parity.ts';
import type { ActivityDeps } from './deps.ts';
import { withTypedFailures } from './typed-failures.ts';

export type HostActivities = {
  /** One arm answers one shard of test rows. */
  ask(input: AskInput): Promise<AskResult>;
  /** Proves that prompts have the same tokens at serving as at training. */
  checkParity(input: ParityInput): Promise<ParityResult>;
};

export function createHostActivities(deps: ActivityDeps): HostActivities {
  return {
    ask: (input) => withTypedFailures(() => ask(deps, input)),
    checkParity: (input) => withTypedFailures(() => checkParity(deps, input)),
  };
}
