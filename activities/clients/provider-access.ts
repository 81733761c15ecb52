// Where a provider is asked and with which keys: what the recipe says of a baseline, made whole.
import { BadInput } from '../../domain/bad-input.ts';
import { heldSecretsOf, keyVariablesText } from '../../domain/provider-keys.ts';
import type { Provider } from '../../domain/providers.ts';
import type { BaselineRecipe } from '../../domain/recipe-baseline.ts';
import type { EndpointName } from './http-fault.ts';

/** A baseline and what its clients need from their process. */
export interface ProviderAccess {
  readonly baseline: BaselineRecipe;
  /** A key by the name of its variable, from there or from a file. */
  readonly secret: (name: string) => string | undefined;
  /** Longest wait for one answer. */
  readonly timeoutMs: number;
  /** Only tests set it: a stub in the vendor's place. */
  readonly baseUrl?: string;
}

/** Vendors' documented endpoints; the recipe says where the others are. */
const addresses: Readonly<Record<Provider, (baseline: BaselineRecipe) => string>> = {
  openai: () => 'https://api.openai.com/v1',
  azure: ({ resource = '' }) => `https://${resource}.openai.azure.com/openai`,
  anthropic: () => 'https://api.anthropic.com/v1',
  bedrock: ({ region = '' }) =>
    `https://bedrock-runtime.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`,
  vertex: ({ project, region = '' }) =>
    project === undefined
      ? 'https://aiplatform.googleapis.com/v1/publishers/google'
      : `https://${vertexHost(region)}/v1beta1/projects/${project}/locations/${region}/publishers/google`,
  google: () => 'https://generativelanguage.googleapis.com/v1beta',
  mistral: () => 'https://api.mistral.ai/v1',
  deepseek: () => 'https://api.deepseek.com',
  togetherai: () => 'https://api.together.xyz/v1',
  fireworks: () => 'https://api.fireworks.ai/inference/v1',
  replicate: () => 'https://api.replicate.com/v1',
  'openai-compatible': ({ base_url: stated = '' }) => stated,
  'stand-in': () => '',
};

/** The address that the baseline's key is bound to, without a slash at its end. */
export function baseUrlOf({ baseline, baseUrl }: ProviderAccess): string {
  const url = baseUrl ?? baseline.base_url ?? addresses[baseline.provider](baseline);
  return url.replace(/\/+$/u, '');
}

/** https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations: one global, two multi-region, many regional. */
function vertexHost(region: string): string {
  switch (region) {
    case 'global':
      return 'aiplatform.googleapis.com';
    case 'us':
    case 'eu':
      return `aiplatform.${region}.rep.googleapis.com`;
    default:
      return `${region}-aiplatform.googleapis.com`;
  }
}

/** Keys by the names of their variables. Throws BadInput, naming the variables, when one is missing. */
export function keysOf({ baseline, secret }: ProviderAccess): Readonly<Record<string, string>> {
  const keys = heldSecretsOf(baseline, secret);
  if (keys === undefined) {
    const variables = keyVariablesText(baseline);
    throw new BadInput(`${variables} is not set on the worker`, {
      where: 'evaluate.baselines',
      hint: `set ${variables} where the worker is started; \`contender run\` restarts local workers that lack it`,
    });
  }
  return keys;
}

/** Whom messages name, and the variable they tell people to look at. */
export function endpointNameOf({ baseline }: ProviderAccess): EndpointName {
  const { provider, model, base_url: url, project } = baseline;
  const keys =
    provider === 'vertex' && project !== undefined ? 'GOOGLE_APPLICATION_CREDENTIALS' : keyVariablesText(baseline);
  return {
    name: url === undefined ? provider : `${model} (${provider})`,
    keys: keys === '' ? undefined : keys,
  };
}
