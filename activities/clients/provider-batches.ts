// The batch API of a baseline that asks for it.
import type { BatchClient } from './batch-client.ts';
import type { BatchProvider } from './batch-lines.ts';
import type { ProviderAccess } from './provider-access.ts';

/** Loads the vendor's package, which nothing but batches needs. Throws BadInput when a key is missing. */
export async function providerBatches(provider: BatchProvider, access: ProviderAccess): Promise<BatchClient> {
  switch (provider) {
    case 'openai': {
      const { openAiBatches } = await import('./openai-batch.ts');
      return openAiBatches(access);
    }
    case 'anthropic': {
      const { anthropicBatches } = await import('./anthropic-batch.ts');
      return anthropicBatches(access);
    }
    default:
      return provider satisfies never;
  }
}
