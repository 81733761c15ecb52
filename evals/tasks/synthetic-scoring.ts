// Synthetic scorings for the tests of the tasks: everything a task is scored by, with every metric asked for.
import { metricFacts, metricSchema } from '../../domain/metrics.ts';
import type { Task } from '../../domain/task.ts';
import { scoreAnswer } from '../score-answer.ts';
import type { RowScore, Scoring } from '../suite.ts';

export function syntheticScoring(task: Task, change: Partial<Scoring> = {}): Scoring {
  const scorers = metricSchema.options.filter((metric) => metricFacts[metric].tasks.includes(task));
  return { task, labels: [], scorers, prompt: { user: '{input}' }, ...change };
}

/** Scores answers to one row. */
export function syntheticScorer(
  scoring: Scoring,
  output: string,
  input = 'some input',
): (answer: string | null) => RowScore {
  return (answer) => scoreAnswer(scoring, { input, output }, answer);
}

/** Answers that no scorer may choke on or score, each with its name. */
export function hostileAnswers(input: string): [string, string][] {
  return [
    ['nothing', ''],
    ['white space', ' \n\t '],
    ['control characters', '\u0000\u0007\u001B[31m\u009F'],
    ['lone surrogates', '\uD800\uDC00\uDFFF\uD800'],
    ['HTML', '<script>alert(1)</script><table><tr><td>1</td></tr></table>'],
    ['the row again', input],
    ['NaN', '{"a": NaN, "b": Infinity}'],
    ['a number beyond all', '[1e999]'],
    ['JSON nested 10,000 deep', `${'['.repeat(10_000)}1${']'.repeat(10_000)}`],
    ['objects nested 10,000 deep', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['a megabyte of open brackets', '{['.repeat(500_000)],
    ['a megabyte of small arrays', '[]'.repeat(500_000)],
    ['an array of half a million numbers', `[${'1,'.repeat(500_000)}1]`],
    ['a megabyte of fences', '```'.repeat(333_333)],
    ['a megabyte of quotes', '"'.repeat(1_000_000)],
    ['a megabyte of one letter', 'a'.repeat(1_000_000)],
    ['a megabyte of words', 'word '.repeat(200_000)],
    ['a megabyte of commas', ','.repeat(1_000_000)],
    ['a megabyte of blanks', ' '.repeat(1_000_000)],
    ['a __proto__ key', '{"__proto__": {"polluted": true}, "constructor": {"prototype": 1}}'],
    ['a few megabytes', 'x'.repeat(3_000_000)],
  ];
}
