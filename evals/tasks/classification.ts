// Classification: the answer is one label, alone on its first line.
import { parseLabel } from '../label.ts';
import type { RowScore, ScoredRow, Scoring } from '../suite.ts';

/** `verbatim_match` takes the label as it is spelt in the label set, with white space around it and nothing else. */
export function scoreClassification({ labels }: Scoring, { output }: ScoredRow, answer: string | null): RowScore {
  if (!labels.includes(output)) {
    throw new RangeError('the expected label is not in the label set');
  }
  const parsed = answer === null ? null : parseLabel(answer, labels);
  return {
    parsed,
    score: parsed === output ? 1 : 0,
    scores: { verbatim_match: answer?.trim() === output ? 1 : 0 },
  };
}
