// The verdict in plain English, with its numbers.
import { metricFacts, type Metric } from '../domain/metrics.ts';
import type { Arm } from '../domain/scorecard.ts';
import type { Comparison, VerdictKind } from '../domain/verdict.ts';
import { percent, points, pText, range, rowsText, signed } from './numbers-in-words.ts';

interface Told {
  readonly kind: VerdictKind;
  readonly comparison: Comparison;
  readonly opponent: Arm;
  /** Number of deciding comparisons; the sentence tells of the hardest. */
  readonly deciding: number;
  readonly vetoes: readonly string[];
}

const openings = { promote: 'Promote', hold: 'Hold', reject: 'Reject' } as const;

/** Vetoes that the sentence names; the verdict lists all of them. */
const namedVetoes = 3;

/** One sentence. A stand-in is always called one. */
export function verdictSentence({ kind, comparison, opponent, deciding, vetoes }: Told): string {
  const hardest = deciding > 1 ? `, the hardest of ${deciding} opponents` : '';
  const meaning = vetoes.length > 0 ? '' : outcome(comparison);
  return (
    `${openings[kind]}${because(vetoes)}: the candidate ${score(comparison)}, ` +
    `${difference(comparison, opponentName(opponent))}${hardest}${signTest(comparison)}${meaning}.`
  );
}

/** What one comparison shows, as a reason of the verdict. */
export function comparisonReason(comparison: Comparison, opponent: Arm): string {
  const name = opponentName(opponent);
  const findings = {
    superior: `better than ${name}`,
    non_inferior: `not worse than ${name} by ${points(comparison.margin)} or more`,
    inconclusive: `not shown to be within ${points(comparison.margin)} of ${name}`,
    worse: `worse than ${name}`,
  } as const;
  const numbers = `difference ${signed(comparison.difference)} points, ${range(comparison)}, ${comparison.method}`;
  const wins = `${rowsText(comparison.wins)} won and ${comparison.losses} lost${signTest(comparison)}`;
  return `${findings[comparison.conclusion]}: ${numbers}; ${wins}`;
}

/** "the stand-in tfidf-logreg", or the arm's label. */
function opponentName(arm: Arm): string {
  return arm.standIn ? `the stand-in ${arm.model}` : arm.label;
}

function because(vetoes: readonly string[]): string {
  if (vetoes.length === 0) {
    return '';
  }
  const rest = vetoes.length - namedVetoes;
  const more = rest > 0 ? `, and ${rest} further ${rest === 1 ? 'reason' : 'reasons'}` : '';
  return ` because ${vetoes.slice(0, namedVetoes).join(' and because ')}${more}`;
}

/** What the candidate reached, in the words of the metric. */
function score({ metric, value, n, wins, losses }: Comparison): string {
  const rows = `${n.toLocaleString('en')} held-out rows`;
  if (value === null) {
    return `is preferred on ${wins} and not on ${losses} of ${rows}`;
  }
  return metric === 'exact_match'
    ? `answers ${percent(value.candidate)} of ${rows} exactly`
    : `reaches ${article(metric)} ${metricFacts[metric].label} of ${percent(value.candidate)} on ${rows}`;
}

function article(metric: Metric): string {
  return /^[aeiou]/u.test(metricFacts[metric].label) ? 'an' : 'a';
}

/** Wins and losses of a metric of all rows together are those of exact match, which the sentence is not about. */
function signTest({ metric, mcnemarP }: Comparison): string {
  const { shape } = metricFacts[metric];
  switch (shape) {
    case 'binary':
      return `, McNemar ${pText(mcnemarP)}`;
    case 'graded':
    case 'paired':
      return `, sign test ${pText(mcnemarP)}`;
    case 'corpus':
      return '';
    default:
      return shape satisfies never;
  }
}

function outcome({ conclusion, margin, rowsNeeded }: Comparison): string {
  const more = rowsNeeded === null ? '' : `; about ${rowsNeeded.toLocaleString('en')} further rows should settle it`;
  const meanings = {
    superior: '',
    non_inferior: `, within the margin of ${points(margin)}${more}`,
    inconclusive: `, which leaves open whether it is within the margin of ${points(margin)}${more}`,
    worse: ', so it is worse',
  } as const;
  return meanings[conclusion];
}

function difference(comparison: Comparison, name: string): string {
  const size = points(Math.abs(comparison.difference));
  if (comparison.value === null) {
    return `by ${signed(comparison.difference)} points on balance (${range(comparison)}) against ${name}`;
  }
  if (comparison.difference === 0) {
    return `as many as ${name} (${range(comparison)})`;
  }
  return comparison.difference > 0
    ? `${size} (${range(comparison)}) more than ${name}`
    : `${size} fewer than ${name} (difference ${signed(comparison.difference)}, ${range(comparison)})`;
}
