// A verdict in lines for a terminal: comparisons, what did not pass, critical slices, remarks.
import { metricFacts } from '../domain/metrics.ts';
import type { Comparison, SliceComparison, Verdict } from '../domain/verdict.ts';
import { pText } from '../evals/numbers-in-words.ts';
import type { Terminal } from './terminal.ts';

/** Everything but the sentence. Empty lists take no line. */
export function verdictLines(verdict: Verdict, { yellow, dim }: Terminal['colors']): string[] {
  const labels = new Map([...verdict.deciding, ...verdict.reference].map(({ armId, label }) => [armId, label]));
  return [
    ...[...verdict.deciding, ...verdict.reference].map((comparison) => comparisonLine(comparison)),
    ...verdict.slices
      .filter(({ critical }) => critical)
      .map((slice) => sliceLine(slice, labels.get(slice.armId) ?? slice.armId)),
    ...checkLines(verdict, { yellow }),
    ...verdict.remarks.map((remark) => dim(remark)),
  ];
}

/** One line for each check that failed or could not be made. */
export function checkLines({ checks }: Verdict, { yellow }: Pick<Terminal['colors'], 'yellow'>): string[] {
  return checks
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ check, outcome, sentence }) => yellow(`${check.replaceAll('_', ' ')} ${outcome}: ${sentence}`));
}

/** The verdict with its sentence: what a reader should see last. */
export function verdictSentenceLine({ kind, sentence }: Verdict, { bold, green, yellow, red }: Terminal['colors']) {
  const paint = { promote: green, hold: yellow, reject: red }[kind];
  return `${bold(paint(kind.toUpperCase()))}  ${sentence}`;
}

function comparisonLine({ label, metric, difference, low, high, mcnemarP, conclusion }: Comparison): string {
  const { shape } = metricFacts[metric];
  const name = metric === 'exact_match' ? label : `${label}, ${metricFacts[metric].label}`;
  const test = shape === 'corpus' ? '' : `, ${shape === 'binary' ? 'McNemar' : 'sign test'} ${pText(mcnemarP)}`;
  return `candidate − ${name}: ${points(difference)} points [${points(low)}, ${points(high)}]${test}, ${words(conclusion)}`;
}

function sliceLine({ slice, value, n, difference, low, high, conclusion }: SliceComparison, label: string): string {
  const name = `critical slice ${slice} = ${value}, candidate − ${label}`;
  return difference === null || low === null || high === null
    ? `${name}: ${n} rows, ${words(conclusion)}`
    : `${name}: ${points(difference)} points [${points(low)}, ${points(high)}], ${n} rows, ${words(conclusion)}`;
}

function words(conclusion: Comparison['conclusion'] | SliceComparison['conclusion']): string {
  return conclusion === 'non_inferior' ? 'non-inferior' : conclusion.replaceAll('_', ' ');
}

function points(share: number): string {
  return `${share >= 0 ? '+' : '−'}${Math.abs(100 * share).toFixed(1)}`;
}
