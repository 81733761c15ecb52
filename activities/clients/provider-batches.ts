// The batch API of a baseline that asks for it.
import { anthropicBatches } from './anthropic-batch.ts';
import type { BatchClient } from './batch-client.ts';
import { openAiBatches } from './openai-batch.ts';
import type { BatchProvider } from './batch-lines.ts';
import type { ProviderAccess } from './provider-access.ts';

/** Throws BadInput when a key is missing. */
export function providerBatches(provider: BatchProvider, access: ProviderAccess): BatchClient {
  switch (provider) {
    case 'openai':
      return openAiBatches(access);
    case 'anthropic':
      return anthropicBatches(access);
    default:
      return provider satisfies never;
  }
}
