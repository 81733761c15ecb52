// Chooses the client of an arm: our own servers by their job folder, baselines by the recipe.
import type { Arm } from '../../domain/scorecard.ts';
import type { ActivityDeps } from '../deps.ts';
import { serverFolder, serverUrl } from '../server-place.ts';
import { chatClient } from './chat-client.ts';
import type { ModelClient } from './model-client.ts';
import { providerClient } from './provider-client.ts';

/** Whom a client asks. */
export interface ArmEndpoint {
  /** The run whose server it is, for arms that we serve. */
  readonly runKey: string;
  readonly arm: Arm;
  /** Longest wait for one answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** Throws BadInput when a key is missing, and an ordinary error while a server of ours is not up yet. */
export async function clientForArm(deps: ActivityDeps, { runKey, arm, timeoutMs }: ArmEndpoint): Promise<ModelClient> {
  if (arm.provider === 'imported') {
    throw new RangeError(`arm ${arm.id} comes from a log, and cannot be asked`);
  }
  if (arm.provider !== 'served' && arm.provider !== 'stand-in') {
    const baseline = arm.endpoint;
    if (baseline === undefined) {
      throw new Error(`arm ${arm.id} does not say where it is asked`);
    }
    if (baseline.batch) {
      // Its price counts half, which single questions do not cost.
      throw new RangeError(`arm ${arm.id} is asked in batches, not question by question`);
    }
    return await providerClient(arm.provider, { baseline, secret: deps.secret, timeoutMs });
  }
  const kind = arm.provider === 'served' ? 'language-model' : 'classical';
  const baseUrl = await serverUrl(serverFolder(deps, runKey, kind));
  if (baseUrl === undefined) {
    throw new Error(`the ${kind} server is not up yet`);
  }
  return chatClient({
    name: `the ${kind} server`,
    keys: undefined,
    model: arm.model,
    baseUrl,
    apiKey: undefined,
    timeoutMs,
  });
}
