// Reads and scores one answer: by its task's scorer, for what the suite is scored by.
import { isRowMetric, type Metric } from '../domain/metrics.ts';
import type { Task } from '../domain/task.ts';
import { withoutEcho } from './answers/without-echo.ts';
import type { RowScore, ScoredRow, Scoring } from './suite.ts';
import { scoreClassification } from './tasks/classification.ts';
import { scoreExtraction } from './tasks/extraction.ts';
import { scoreGeneration } from './tasks/generation.ts';
import { scoreMultiLabel } from './tasks/multi-label.ts';
import { scoreNer } from './tasks/ner.ts';
import { scoreRefusal } from './tasks/refusal.ts';
import { scoreToolCalls } from './tasks/tool-calls.ts';

/** Longer answers are not read: no endpoint sends them, and scoring must stay bounded. */
const maxChars = 2_000_000;

/**
 * Reads and scores one answer by the suite's row metrics; null stands for a row that was not answered and scores
 * nothing. An answer that repeats the prompt or the row is read from where the repetition ends. Throws RangeError
 * when the expected answer does not fit the task, such as a label that is not among the labels: no answer could
 * then be right.
 *
 * @param refused the endpoint itself says that the model declined, whatever the text
 */
export function scoreAnswer(scoring: Scoring, row: ScoredRow, answer: string | null, refused = false): RowScore {
  const read = answer === null || answer.length > maxChars ? null : answer;
  const scored = scoreByTask(scoring, row, read, refused);
  return { ...scored, scores: askedFor(scoring.scorers, scored.scores) };
}

function scoreByTask(scoring: Scoring, row: ScoredRow, answer: string | null, refused: boolean): RowScore {
  const { task, parser } = scoring;
  switch (task) {
    case 'classification':
      return parser === 'refusal'
        ? scoreRefusal(row, { whole: answer, own: own(scoring, row, answer) }, refused)
        : scoreClassification(scoring, row, answer);
    case 'multi_label':
      return scoreMultiLabel(scoring, row, own(scoring, row, answer));
    case 'extraction':
      return scoreExtraction(scoring, row, own(scoring, row, answer));
    case 'ner':
      return scoreNer(scoring, row, own(scoring, row, answer));
    case 'summarization':
    case 'generation':
      return scoreGeneration(scoring, row, own(scoring, row, answer));
    case 'tool_calls':
      return scoreToolCalls(scoring, row, own(scoring, row, answer));
    default:
      return task satisfies never;
  }
}

/** What the answer says of its own; a label stands alone on its line, so classification needs no such care. */
function own({ prompt }: Scoring, { input, output }: ScoredRow, answer: string | null): string | null {
  if (answer === null) {
    return null;
  }
  const asked = prompt.user.replaceAll('{input}', () => input);
  return withoutEcho(answer, [prompt.system ?? '', asked, input], output);
}

/** Only what the suite is scored by; exact match stands in `score`. */
function askedFor(scorers: readonly Metric[], scores: RowScore['scores']): RowScore['scores'] {
  return Object.fromEntries(
    scorers.flatMap((metric) => {
      const score = metric !== 'exact_match' && isRowMetric(metric) ? scores[metric] : undefined;
      return score === undefined ? [] : [[metric, score]];
    }),
  );
}

/** What of an answer is scored: its text, or the calls that it makes, as JSON. */
export function answerText(
  task: Task,
  answer: {
    readonly text: string;
    readonly toolCalls: readonly { readonly name: string; readonly arguments: string }[];
  },
): string {
  return task === 'tool_calls' && answer.toolCalls.length > 0 ? JSON.stringify(answer.toolCalls) : answer.text;
}
