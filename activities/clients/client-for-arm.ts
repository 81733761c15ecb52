// Chooses the client of an arm: our own servers by their job folder, providers by their key's variable.
import { baselineOf } from '../../evals/arms.ts';
import { failureTypes } from '../../domain/failures.ts';
import { keyVariablesOf } from '../../domain/provider-keys.ts';
import type { Recipe } from '../../domain/recipe.ts';
import type { Arm } from '../../domain/scorecard.ts';
import type { ActivityDeps } from '../deps.ts';
import { permanent } from '../permanent.ts';
import { serverFolder, serverUrl } from '../serve.ts';
import { anthropicClient } from './anthropic-client.ts';
import type { ModelClient } from './model-client.ts';
import { openAiClient } from './openai-client.ts';

export async function clientForArm(deps: ActivityDeps, runKey: string, recipe: Recipe, arm: Arm): Promise<ModelClient> {
  const timeoutMs = recipe.evaluate.timeout_s * 1000;
  const baseline = baselineOf(recipe, arm);
  const keyName = baseline === undefined ? undefined : keyVariablesOf(baseline)[0]?.[0];
  const apiKey = keyName === undefined ? 'none' : needKey(deps, keyName);
  switch (arm.provider) {
    case 'served':
    case 'stand-in': {
      const kind = arm.provider === 'served' ? 'language-model' : 'classical';
      const baseUrl = await serverUrl(serverFolder(deps, runKey, kind));
      if (baseUrl === undefined) {
        throw new Error(`the ${kind} server is not up yet`);
      }
      return openAiClient({
        name: `the ${kind} server`,
        model: arm.model,
        baseUrl,
        apiKey,
        keyName,
        timeoutMs,
      });
    }
    case 'openai':
    case 'openai-compatible': {
      const name = arm.provider === 'openai' ? 'openai' : arm.label;
      return openAiClient({ name, model: arm.model, baseUrl: baseline?.base_url, apiKey, keyName, timeoutMs });
    }
    case 'anthropic':
      return anthropicClient({ model: arm.model, apiKey, keyName: keyName ?? '', timeoutMs });
    case 'azure':
    case 'bedrock':
    case 'vertex':
    case 'google':
    case 'mistral':
    case 'deepseek':
    case 'togetherai':
    case 'fireworks':
    case 'replicate':
      throw permanent(failureTypes.badInput, `provider ${arm.provider} has no client yet`);
    case 'imported':
      throw new RangeError(`arm ${arm.id} comes from a log, and cannot be asked`);
    default:
      return arm.provider satisfies never;
  }
}

function needKey(deps: ActivityDeps, name: string): string {
  const key = deps.secret(name);
  if (key === undefined || key === '') {
    throw permanent(failureTypes.badInput, `the environment variable ${name} is not set on the worker`, {
      where: 'evaluate.baselines',
      hint: `set ${name} where the worker is started; \`contender run\` restarts local workers that lack it`,
    });
  }
  return key;
}
