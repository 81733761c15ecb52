// Which environment variables hold a baseline's key. Values never leave the process that asks the provider.
import { providerRules } from './providers.ts';
import type { BaselineRecipe } from './recipe-baseline.ts';

type KeyHolder = Pick<BaselineRecipe, 'provider' | 'api_key_env' | 'project'>;

/** `NAME_FILE` holds the path of a file with the value of `NAME`, as Docker and Kubernetes mount secrets. */
export const secretFileVariable = (name: string): string => `${name}_FILE`;

/** Sets of variables, any one of which is enough, in order of preference; empty when no key is needed. */
export function keyVariablesOf({ provider, api_key_env: stated, project }: KeyHolder): readonly (readonly string[])[] {
  if (stated !== undefined) {
    return [[stated]];
  }
  // With a project, Vertex is asked with Google's application default credentials.
  return provider === 'vertex' && project !== undefined ? [] : providerRules[provider].keys;
}

/** Variables that are set in an environment and that the baseline's client will read; undefined when a key is missing. */
export function heldVariablesOf(
  baseline: KeyHolder,
  environment: Readonly<Record<string, string | undefined>>,
): string[] | undefined {
  const holderOf = (name: string): string | undefined =>
    [name, secretFileVariable(name)].find((one) => (environment[one] ?? '') !== '');
  const held = heldSecretsOf(baseline, holderOf);
  return held === undefined ? undefined : Object.values(held);
}

/** The first set of a baseline's keys that is whole, by variable, and what else is used; undefined when none is. */
export function heldSecretsOf(
  baseline: KeyHolder,
  secret: (name: string) => string | undefined,
): Record<string, string> | undefined {
  const valueOf = (name: string): [string, string][] => {
    const value = secret(name);
    return value === undefined || value === '' ? [] : [[name, value]];
  };
  const sets = keyVariablesOf(baseline);
  const held = sets.map((names) => names.flatMap(valueOf)).find((set, index) => set.length === sets[index]?.length);
  if (held === undefined && sets.length > 0) {
    return undefined;
  }
  const alsoUsed = baseline.api_key_env === undefined ? (providerRules[baseline.provider].alsoUsed ?? []) : [];
  return Object.fromEntries([...(held ?? []), ...alsoUsed.flatMap(valueOf)]);
}

/** For people: `OPENAI_API_KEY`, or `A or B and C`. */
export function keyVariablesText(baseline: KeyHolder): string {
  return keyVariablesOf(baseline)
    .map((names) => names.join(' and '))
    .join(', or ');
}
