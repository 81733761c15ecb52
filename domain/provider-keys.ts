// Which environment variable holds a baseline's key. Values never leave the process that asks the provider.
import type { BaselineRecipe } from './recipe-evaluate.ts';

/** Variables the vendors document for their keys. */
const documented = { openai: 'OPENAI_API_KEY', anthropic: 'ANTHROPIC_API_KEY' } as const;

/** Name of the variable with the key; undefined for an endpoint that needs none. */
export function keyVariableOf(baseline: Pick<BaselineRecipe, 'provider' | 'api_key_env'>): string | undefined {
  const { provider, api_key_env: stated } = baseline;
  return stated ?? (provider === 'openai' || provider === 'anthropic' ? documented[provider] : undefined);
}
