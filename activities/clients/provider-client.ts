// The client of a baseline, whoever its provider is.
import type { Provider } from '../../domain/providers.ts';
import { aiSdkClient } from './ai-sdk-client.ts';
import { aiSdkModel, styleOf, type AiSdkProvider } from './ai-sdk-models.ts';
import { boundFetch } from './bound-fetch.ts';
import { chatClient } from './chat-client.ts';
import type { ModelClient } from './model-client.ts';
import { baseUrlOf, endpointNameOf, keysOf, type ProviderAccess } from './provider-access.ts';

/** Stand-ins are asked where they are served. Throws BadInput when a key is missing. */
export type ClosedProvider = Exclude<Provider, 'stand-in'>;

export async function providerClient(provider: ClosedProvider, access: ProviderAccess): Promise<ModelClient> {
  const { model, stream, reasoning } = access.baseline;
  const { timeoutMs } = access;
  const baseUrl = baseUrlOf(access);
  const named = endpointNameOf(access);
  const [apiKey] = Object.values(keysOf(access));
  if (provider === 'replicate') {
    const { replicateClient } = await import('./replicate-client.ts');
    return replicateClient({
      ...named,
      origin: new URL(baseUrl).origin,
      baseUrl,
      model,
      apiKey: apiKey ?? '',
      timeoutMs,
    });
  }
  if (provider === 'openai-compatible' && !stream) {
    return chatClient({ ...named, baseUrl, model, apiKey, reasoning, timeoutMs });
  }
  return await sdkClient(provider, access);
}

async function sdkClient(provider: AiSdkProvider, access: ProviderAccess): Promise<ModelClient> {
  const { stream } = access.baseline;
  const named = endpointNameOf(access);
  const bound = { ...named, origin: new URL(baseUrlOf(access)).origin };
  return aiSdkClient({
    ...named,
    model: await aiSdkModel(provider, access, boundFetch(bound, stream ? 'events' : 'json')),
    stream,
    timeoutMs: access.timeoutMs,
    style: styleOf(provider, access),
  });
}
