// Chooses the client of an arm: our own servers by their job folder, baselines by the recipe.
import type { Recipe } from '../../domain/recipe.ts';
import type { Arm } from '../../domain/scorecard.ts';
import { baselineOf } from '../../evals/arms.ts';
import type { ActivityDeps } from '../deps.ts';
import { serverFolder, serverUrl } from '../serve.ts';
import { chatClient } from './chat-client.ts';
import type { ModelClient } from './model-client.ts';
import { providerClient } from './provider-client.ts';

/** Throws BadInput when a key is missing, and an ordinary error while a server of ours is not up yet. */
export async function clientForArm(deps: ActivityDeps, runKey: string, recipe: Recipe, arm: Arm): Promise<ModelClient> {
  const timeoutMs = recipe.evaluate.timeout_s * 1000;
  if (arm.provider === 'imported') {
    throw new RangeError(`arm ${arm.id} comes from a log, and cannot be asked`);
  }
  if (arm.provider !== 'served' && arm.provider !== 'stand-in') {
    const baseline = baselineOf(recipe, arm);
    if (baseline === undefined) {
      throw new Error(`the recipe has no baseline for arm ${arm.id}`);
    }
    return providerClient(arm.provider, { baseline, secret: deps.secret, timeoutMs });
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
