// Builds the AI SDK's language model of each provider; asking it is the adapter's work. Every address and key is given
// here: left out, the packages would take them from variables of their own and send a key to whichever host those name.
// A provider's package is loaded when the first model of it is built: an evaluation asks one or two, and all eleven take
// a quarter of a second.
import { existsSync } from 'node:fs';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { BadInput } from '../../domain/bad-input.ts';
import type { Provider } from '../../domain/providers.ts';
import type { CallStyle, ProviderOptions } from './ai-sdk-call.ts';
import { baseUrlOf, keysOf, type ProviderAccess } from './provider-access.ts';

/** Providers that have a language model in the AI SDK. */
export type AiSdkProvider = Exclude<Provider, 'replicate' | 'stand-in'>;

/** The model of a baseline on the given fetch. Throws BadInput when a key is missing. */
export async function aiSdkModel(
  provider: AiSdkProvider,
  access: ProviderAccess,
  fetch: typeof globalThis.fetch,
): Promise<LanguageModelV4> {
  const { model, region = '', api_version: apiVersion } = access.baseline;
  const keys = keysOf(access);
  const [apiKey = ''] = Object.values(keys);
  const settings = { baseURL: baseUrlOf(access), apiKey, fetch };
  switch (provider) {
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai');
      return createOpenAI(settings).chat(model);
    }
    case 'azure': {
      const { createAzure } = await import('@ai-sdk/azure');
      return createAzure({
        ...settings,
        ...(apiVersion === undefined ? {} : { apiVersion, useDeploymentBasedUrls: true }),
      }).chat(model);
    }
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic(settings).languageModel(model);
    }
    case 'bedrock': {
      const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock');
      return createAmazonBedrock({
        baseURL: settings.baseURL,
        fetch,
        region,
        ...bedrockKeys(access, keys),
      }).languageModel(model);
    }
    case 'vertex':
      return await vertexModel(access, apiKey, fetch);
    case 'google': {
      const { createGoogle } = await import('@ai-sdk/google');
      return createGoogle(settings).languageModel(model);
    }
    case 'mistral': {
      const { createMistral } = await import('@ai-sdk/mistral');
      return createMistral(settings).languageModel(model);
    }
    case 'deepseek': {
      const { createDeepSeek } = await import('@ai-sdk/deepseek');
      return createDeepSeek(settings).languageModel(model);
    }
    case 'togetherai': {
      const { createTogetherAI } = await import('@ai-sdk/togetherai');
      return createTogetherAI(settings).languageModel(model);
    }
    case 'fireworks': {
      const { createFireworks } = await import('@ai-sdk/fireworks');
      return createFireworks(settings).languageModel(model);
    }
    case 'openai-compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      return createOpenAICompatible({
        name: 'compatible',
        baseURL: settings.baseURL,
        fetch,
        includeUsage: true,
        supportsStructuredOutputs: true,
        ...(apiKey === '' ? {} : { apiKey }),
      }).languageModel(model);
    }
    default:
      return provider satisfies never;
  }
}

/** How a baseline's model is asked, by the packages' own options. */
export function styleOf(provider: AiSdkProvider, { baseline: { reasoning } }: ProviderAccess): CallStyle {
  return { reasoning, optionsFor: (logprobs) => optionsOf(provider, reasoning, logprobs) };
}

function optionsOf(provider: AiSdkProvider, reasoning: boolean, logprobs: boolean): ProviderOptions {
  const asked = logprobs ? { logprobs: true } : {};
  switch (provider) {
    case 'openai':
    case 'azure':
      // The package knows models that reason by their name; a deployment may have any.
      return { openai: { ...asked, ...(reasoning ? { forceReasoning: true } : {}) } };
    case 'deepseek':
    case 'fireworks':
      return { [provider]: asked };
    case 'togetherai':
      return { togetherai: logprobs ? { logprobs: 1 } : {} };
    case 'anthropic':
    case 'bedrock':
    case 'vertex':
    case 'google':
    case 'mistral':
    case 'openai-compatible':
      return {};
    default:
      return provider satisfies never;
  }
}

/** A bearer key, or a pair with which requests are signed. An empty `apiKey` keeps the package from its variable. */
function bedrockKeys({ baseline }: ProviderAccess, keys: Readonly<Record<string, string>>) {
  const bearer = keys[baseline.api_key_env ?? 'AWS_BEARER_TOKEN_BEDROCK'];
  if (bearer !== undefined) {
    return { apiKey: bearer };
  }
  const sessionToken = keys['AWS_SESSION_TOKEN'];
  return {
    apiKey: '',
    accessKeyId: keys['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: keys['AWS_SECRET_ACCESS_KEY'] ?? '',
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}

/** With a project: Google's application default credentials. Without: express mode, with an API key. */
async function vertexModel(
  access: ProviderAccess,
  apiKey: string,
  fetch: typeof globalThis.fetch,
): Promise<LanguageModelV4> {
  const { createGoogleVertex } = await import('@ai-sdk/google-vertex');
  const { model, project, region } = access.baseline;
  // The package knows addresses that differ by model, so that only tests give it one.
  const place = access.baseUrl === undefined ? {} : { baseURL: access.baseUrl };
  if (project === undefined || region === undefined) {
    return createGoogleVertex({ ...place, apiKey, fetch }).languageModel(model);
  }
  const keyFilename = access.secret('GOOGLE_APPLICATION_CREDENTIALS');
  if (keyFilename !== undefined && !existsSync(keyFilename)) {
    throw new BadInput(`there is no file ${keyFilename} on the worker`, {
      where: 'GOOGLE_APPLICATION_CREDENTIALS',
      hint: 'let it hold the path of a credentials file, or unset it where the machine has credentials of its own',
    });
  }
  return createGoogleVertex({
    ...place,
    apiKey: '',
    fetch,
    project,
    location: region,
    ...(keyFilename === undefined ? {} : { googleAuthOptions: { keyFilename } }),
  }).languageModel(model);
}
