// The confusion matrix of single labels: what was answered where what was expected.
import { singleAnswers, type LabelledResult } from './coded-results.ts';

export interface Confusion {
  /** Labels of rows and columns, in the order of the label set. */
  readonly labels: readonly string[];
  /** `counts[expected][answered]`: how many answers; the last column counts those that could not be read. */
  readonly counts: readonly (readonly number[])[];
}

/**
 * Counts answers by expected and answered label; a row that was asked several times counts with every answer. Labels
 * that are neither expected nor answered are left out. Throws RangeError for a label outside the label set.
 */
export function confusion(results: readonly LabelledResult[], labelSet: readonly string[]): Confusion {
  const { answers } = singleAnswers(results);
  const used = new Set(answers.flatMap(({ expected, parsed }) => (parsed === null ? [expected] : [expected, parsed])));
  const stranger = [...used].find((label) => !labelSet.includes(label));
  if (stranger !== undefined) {
    throw new RangeError('an answer or an expected label is not in the label set');
  }
  const labels = labelSet.filter((label) => used.has(label));
  const places = new Map(labels.map((label, place) => [label, place]));
  const counts = labels.map(() => labels.map(() => 0).concat(0));
  for (const { expected, parsed } of answers) {
    const row = counts[places.get(expected) ?? -1];
    const column = parsed === null ? labels.length : (places.get(parsed) ?? labels.length);
    if (row !== undefined) {
      row[column] = (row[column] ?? 0) + 1;
    }
  }
  return { labels, counts };
}
