// ROUGE between an answer and one reference.
import { l as rougeL, n as rougeN } from 'js-rouge';

export interface RougeScores {
  readonly rouge_1: number;
  readonly rouge_2: number;
  readonly rouge_l: number;
}

/** Longer texts exceed the limits of the package, and are no summaries. */
const maxWords = 20_000;
/** The longest common subsequence takes time in proportion to words × words. */
const maxSteps = 20_000_000;

const none: RougeScores = { rouge_1: 0, rouge_2: 0, rouge_l: 0 };

/**
 * F1 of ROUGE-1, ROUGE-2 and ROUGE-L (Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries"): overlap of
 * single words, of neighbouring pairs, and the longest common subsequence over the whole text, not by sentences.
 * Words are not stemmed. 0 when either text has no word (no pair, for ROUGE-2) or is too long: more than 20,000 words,
 * or 20 million pairs of words. Throws RangeError when that is the reference's own doing.
 */
export function rougeScores(answer: string, reference: string): RougeScores {
  const wanted = words(reference);
  if (wanted.length === 0 || wanted.length > maxWords) {
    throw new RangeError(`the expected answer has ${wanted.length} words; ROUGE takes 1 to ${maxWords}`);
  }
  const given = words(answer);
  if (given.length === 0 || given.length > maxWords || given.length * wanted.length > maxSteps) {
    return none;
  }
  // Words travel as numbers: the package joins words to n-grams, and limits the characters that it joins.
  const codes = new Map<string, string>();
  const coded = (list: readonly string[]): string =>
    list
      .map((word) => {
        const code = codes.get(word) ?? String(codes.size);
        codes.set(word, code);
        return code;
      })
      .join(' ');
  const [left, right] = [coded(given), coded(wanted)];
  return {
    rouge_1: rougeN(left, right, { n: 1, tokenizer }),
    rouge_2: given.length < 2 || wanted.length < 2 ? 0 : rougeN(left, right, { n: 2, tokenizer }),
    rouge_l: rougeL(left, right, { tokenizer, segmenter: (text) => [text] }),
  };
}

function tokenizer(text: string): string[] {
  return text.split(' ');
}

/**
 * Words in lower case: runs of letters, marks and digits. Scripts that write without spaces (Chinese, Japanese, Thai
 * and others) are taken character by character.
 */
export function words(text: string): string[] {
  return text.normalize('NFKC').toLowerCase().match(word) ?? [];
}

const unspaced = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}`;
const word = new RegExp(String.raw`[${unspaced}]\p{M}*|(?:(?![${unspaced}])[\p{L}\p{M}\p{N}])+`, 'gu');
