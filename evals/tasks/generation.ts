// Generation and summarization: the answer is text, compared with a reference text.
import { undressed } from '../label.ts';
import { rougeScores } from '../metrics/rouge.ts';
import type { RowScore, ScoredRow, Scoring } from '../suite.ts';

const rougeNames = ['rouge_1', 'rouge_2', 'rouge_l'] as const;

/**
 * Exact match compares as labels are compared: case, white space, quotes, Markdown around the text and closing
 * punctuation do not matter. `verbatim_match` is strict but for white space around the text. ROUGE is F1; an answer
 * without a word, or too long for it, scores 0.
 */
export function scoreGeneration({ scorers }: Scoring, { output }: ScoredRow, answer: string | null): RowScore {
  if (output.trim() === '') {
    throw new RangeError('the expected answer is empty');
  }
  const text = answer === null ? '' : withoutControls(answer);
  const wanted = withoutControls(output);
  const rouge = rougeNames.some((name) => scorers.includes(name));
  return {
    parsed: text === '' ? null : text,
    score: text !== '' && undressed(text) === undressed(wanted) ? 1 : 0,
    scores: { verbatim_match: text === wanted ? 1 : 0, ...(rouge ? rougeScores(text, wanted) : {}) },
  };
}

/** Text without control characters other than tab and line feed, in Unicode NFC, trimmed. */
function withoutControls(text: string): string {
  return text
    .replaceAll(/\r\n?/gu, '\n')
    .replaceAll(/(?![\t\n])\p{Cc}/gu, '')
    .normalize('NFC')
    .trim();
}
