// docs/providers.md names the providers, variables and settings of the code.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { providerRules, providerSchema } from '../../domain/providers.ts';
import { packageRoot } from '../../infra/settings.ts';

const page = await readFile(join(packageRoot, 'docs/providers.md'), 'utf8');

/** Settings that the page describes for all providers at once. */
const shared = new Set(['api_key_env', 'reasoning', 'stream']);

describe.each(providerSchema.options)('the page on providers has for %s', (provider) => {
  const [keys = '', support] = page.split('\n').filter((line) => line.startsWith(`| \`${provider}\` `));
  const { keys: sets, needs, takes, alsoUsed = [] } = providerRules[provider];

  it('every variable and setting', () => {
    const named = [...sets.flat(), ...needs, ...takes.filter((setting) => !shared.has(setting))];
    expect(named.filter((name) => !keys.includes(`\`${name}\``))).toEqual([]);
  });

  it('the variables that are used besides', () => {
    expect(alsoUsed.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('whether there are batches', () => {
    const batch = support?.split('|').at(-2)?.trim();
    expect(batch).toBe(provider === 'stand-in' ? undefined : takes.includes('batch') ? 'yes' : 'no');
  });
});
