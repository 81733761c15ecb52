// Finds boilerplate by the user's patterns, in time proportional to the text.
import { compilePattern } from '../bounded-pattern.ts';

/**
 * A function that gives the number of the first pattern that finds something in a text, whatever its case, or -1. Throws
 * BadInput for a pattern that is no regular expression or could take long.
 */
export function createBoilerplateFinder(patterns: readonly string[]): (text: string) => number {
  const expressions = patterns.map((pattern, index) =>
    compilePattern(pattern, 'iu', `dataset.curate.quality.boilerplate[${index}] (${pattern})`),
  );
  return (text) => {
    for (const [index, expression] of expressions.entries()) {
      if (expression.test(text)) {
        return index;
      }
    }
    return -1;
  };
}
