// The providers of baselines: which settings each one takes, and the variables in which its vendor documents the keys.
import { z } from 'zod';

export const providerSchema = z.enum([
  'openai',
  'azure',
  'anthropic',
  'bedrock',
  'vertex',
  'google',
  'mistral',
  'deepseek',
  'togetherai',
  'fireworks',
  'replicate',
  'openai-compatible',
  'stand-in',
]);
export type Provider = z.infer<typeof providerSchema>;

/** Settings of a baseline that not every provider takes. */
export const providerSettings = [
  'base_url',
  'resource',
  'region',
  'project',
  'api_version',
  'api_key_env',
  'reasoning',
  'stream',
  'batch',
] as const;
export type ProviderSetting = (typeof providerSettings)[number];

export interface ProviderRule {
  readonly needs: readonly ProviderSetting[];
  readonly takes: readonly ProviderSetting[];
  /** Sets of variables, any one of which will do; empty when no key is needed. */
  readonly keys: readonly (readonly string[])[];
  /** Variables that are used when they are set. */
  readonly alsoUsed?: readonly string[];
}

/**
 * Variable names are those that the vendors or their AI SDK packages document. `base_url` belongs to providers whose
 * host the user runs: a vendor's key goes to the vendor alone.
 */
export const providerRules: Readonly<Record<Provider, ProviderRule>> = {
  openai: { needs: [], takes: ['api_key_env', 'reasoning', 'stream', 'batch'], keys: [['OPENAI_API_KEY']] },
  azure: {
    needs: [],
    takes: ['resource', 'base_url', 'api_version', 'api_key_env', 'reasoning', 'stream'],
    keys: [['AZURE_API_KEY']],
  },
  anthropic: { needs: [], takes: ['api_key_env', 'reasoning', 'stream', 'batch'], keys: [['ANTHROPIC_API_KEY']] },
  bedrock: {
    needs: ['region'],
    takes: ['api_key_env', 'reasoning', 'stream'],
    keys: [['AWS_BEARER_TOKEN_BEDROCK'], ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']],
    alsoUsed: ['AWS_SESSION_TOKEN'],
  },
  vertex: {
    needs: [],
    takes: ['project', 'region', 'api_key_env', 'reasoning', 'stream'],
    keys: [['GOOGLE_VERTEX_API_KEY']],
    alsoUsed: ['GOOGLE_APPLICATION_CREDENTIALS'],
  },
  google: {
    needs: [],
    takes: ['api_key_env', 'reasoning', 'stream'],
    keys: [['GOOGLE_GENERATIVE_AI_API_KEY'], ['GEMINI_API_KEY']],
  },
  mistral: { needs: [], takes: ['api_key_env', 'reasoning', 'stream'], keys: [['MISTRAL_API_KEY']] },
  deepseek: { needs: [], takes: ['api_key_env', 'reasoning', 'stream'], keys: [['DEEPSEEK_API_KEY']] },
  togetherai: { needs: [], takes: ['api_key_env', 'reasoning', 'stream'], keys: [['TOGETHER_API_KEY']] },
  fireworks: { needs: [], takes: ['api_key_env', 'reasoning', 'stream'], keys: [['FIREWORKS_API_KEY']] },
  replicate: { needs: [], takes: ['api_key_env'], keys: [['REPLICATE_API_TOKEN']] },
  'openai-compatible': { needs: ['base_url'], takes: ['api_key_env', 'reasoning', 'stream'], keys: [] },
  'stand-in': { needs: [], takes: [], keys: [] },
};

/** Providers that document a variable, for refusing its key to another host. */
export function ownersOf(variable: string): Provider[] {
  return providerSchema.options.filter((provider) =>
    [...providerRules[provider].keys.flat(), ...(providerRules[provider].alsoUsed ?? [])].includes(variable),
  );
}
