// Drops rows whose own text is too short, too long, repetitive, full of symbols, or boilerplate.
import type { DropRule } from '../../domain/dataset.ts';
import type { QualityRecipe } from '../../domain/recipe-quality.ts';
import { WordScan } from '../word-scan.ts';
import { createBoilerplateFinder } from './boilerplate.ts';
import { RepetitionMeter } from './repetition.ts';
import { symbolShare } from './symbol-share.ts';

/** `detail` holds figures, never text of the row. */
export interface QualityDrop {
  readonly rule: Extract<DropRule, 'too_short' | 'output_too_long' | 'repetitive' | 'symbols' | 'boilerplate'>;
  readonly detail: string;
}

export type QualityRules = (row: { readonly input: string; readonly output: string }) => QualityDrop | undefined;

/**
 * The first rule that a row breaks, in the order of the recipe's keys. Linear in the text; steps that are not asked
 * for cost nothing. Throws BadInput for boilerplate patterns that cannot be used.
 */
export function createQualityRules(settings: QualityRecipe): QualityRules {
  const { min_input_words: minWords, max_output_chars: maxOutput } = settings;
  const { max_repetition: maxRepetition, max_symbols: maxSymbols } = settings;
  const findBoilerplate = createBoilerplateFinder(settings.boilerplate);
  const wordsNeeded = minWords > 0 || maxRepetition < 1;
  const words = new WordScan();
  const repetition = new RepetitionMeter();
  return ({ input, output }) => {
    if (wordsNeeded) {
      words.scan(maxRepetition < 1 ? input.toLowerCase() : input);
      if (words.count < minWords) {
        return { rule: 'too_short', detail: `${words.count} words, ${minWords} needed` };
      }
    }
    // UTF-16 code units bound the characters from above, so most rows need no counting.
    const outputChars = output.length > maxOutput ? codePoints(output) : 0;
    if (outputChars > maxOutput) {
      return { rule: 'output_too_long', detail: `${outputChars} characters, ${maxOutput} allowed` };
    }
    if (maxRepetition < 1) {
      const share = repetition.share(words);
      if (share > maxRepetition) {
        return { rule: 'repetitive', detail: `${percent(share)} repeats, ${percent(maxRepetition)} allowed` };
      }
    }
    if (maxSymbols < 1) {
      const share = symbolShare(input);
      if (share > maxSymbols) {
        return { rule: 'symbols', detail: `${percent(share)} symbols, ${percent(maxSymbols)} allowed` };
      }
    }
    const pattern = findBoilerplate(input);
    return pattern === -1 ? undefined : { rule: 'boilerplate', detail: `pattern ${pattern + 1}` };
  };
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

function codePoints(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += (text.codePointAt(index) ?? 0) > 0xff_ff ? 2 : 1) {
    count += 1;
  }
  return count;
}
