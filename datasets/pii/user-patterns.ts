// The recipe's own types of personal data.
import type { PiiRecipe } from '../../domain/recipe-pii.ts';
import { compilePattern } from '../bounded-pattern.ts';

/** Throws BadInput for a pattern that is not valid, matches nothing, or could take long. */
export function compilePatterns(patterns: PiiRecipe['patterns']): { name: string; pattern: RegExp }[] {
  return patterns.map(({ name, pattern }, index) => ({
    name,
    pattern: compilePattern(pattern, 'gu', `dataset.curate.pii.patterns[${index}] (${name})`),
  }));
}
