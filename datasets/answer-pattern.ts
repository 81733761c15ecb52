// The pattern that a teacher's answer must match as a whole.
import { compileWholePattern } from './bounded-pattern.ts';

/** Patterns are tried on answers up to this length; `*` and `+` mean at most as many characters. */
export const patternChars = 4000;

/** Two runs of any length in one pattern: a tenth of a second for an answer, at worst. */
const bounds = { unboundedMeans: patternChars, mostWays: 2 * (patternChars + 1) ** 2 };

/** `where` is the place of the `distill` block. Throws BadInput for a pattern that is not valid or could take long. */
export function answerPattern(pattern: string, where: string): RegExp {
  return compileWholePattern(pattern, `${where}.keep.pattern`, bounds);
}
