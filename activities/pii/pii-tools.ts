// What the PII step needs from outside: the secret of pseudonyms, and the analyzer that the recipe names.
import type { PiiRecipe } from '../../domain/recipe-pii.ts';
import type { TextAnalyzer } from '../../datasets/pii/text-analyzer.ts';
import { createPresidioAnalyzer } from './presidio.ts';

export interface PiiTools {
  readonly piiKey: string | undefined;
  readonly analyzer: TextAnalyzer | undefined;
}

/** `secret` gives the value of a variable; it is asked only when the recipe makes pseudonyms. */
export function piiTools(pii: PiiRecipe | false, secret: (name: string) => string | undefined): PiiTools {
  return {
    piiKey: pii === false || pii.action !== 'pseudonym' ? undefined : secret(pii.key),
    analyzer: pii === false || pii.presidio === undefined ? undefined : createPresidioAnalyzer(pii.presidio),
  };
}
