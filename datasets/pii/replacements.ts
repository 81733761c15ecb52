// What stands in the place of a finding: a placeholder, or a pseudonym that is the same for the same value.
import { createHmac } from 'node:crypto';
import { BadInput } from '../../domain/bad-input.ts';
import type { PiiRecipe } from '../../domain/recipe-pii.ts';
import { normalValue } from './normal-value.ts';

export type Replacement = (type: string, value: string) => string;

const shortestKey = 16;
/** 48 bits: among a million values the chance that any two share a code is below 0.2 %. */
const codeDigits = 12;

/** `[EMAIL]`, `[CREDIT_CARD]`. */
export function placeholder(type: string): string {
  return `[${type.toUpperCase()}]`;
}

/**
 * `email-3f9a1c22e0b7`: HMAC-SHA256 over the type and the normalised value. Without the key nobody can tell which value
 * a code stands for, nor test a guess. Throws BadInput for a key that is missing or short.
 */
export function createPseudonyms(
  settings: Pick<PiiRecipe, 'key' | 'phone_regions'>,
  key: string | undefined,
): Replacement {
  if (key === undefined || key.length < shortestKey) {
    const state = key === undefined || key === '' ? 'is not set' : `has fewer than ${shortestKey} characters`;
    throw new BadInput(`pseudonyms need a secret, and ${settings.key} ${state}`, {
      where: 'dataset.curate.pii',
      hint: `set ${settings.key} to a random secret and keep it: another secret gives other codes`,
    });
  }
  return (type, value) => {
    const normal = normalValue(type, value, settings.phone_regions);
    const code = createHmac('sha256', key).update(`${type}\0${normal}`).digest('hex').slice(0, codeDigits);
    return `${type}-${code}`;
  };
}
