// The verdict in plain English, with its numbers.
import type { Arm } from '../domain/scorecard.ts';
import type { Comparison, VerdictKind } from '../domain/verdict.ts';

interface Told {
  readonly kind: VerdictKind;
  /** The candidate's value of the deciding metric, from 0 to 1. */
  readonly value: number;
  readonly comparison: Comparison;
  readonly opponent: Arm;
  /** Number of deciding comparisons; the sentence tells of the hardest. */
  readonly deciding: number;
  readonly vetoes: readonly string[];
}

const openings = { promote: 'Promote', hold: 'Hold', reject: 'Reject' } as const;

/** One sentence. A stand-in is always called one. */
export function verdictSentence(told: Told): string {
  const { kind, value, comparison, opponent, deciding, vetoes } = told;
  const because = vetoes.length > 0 ? ` because ${vetoes.join(' and because ')}` : '';
  const score =
    comparison.metric === 'exact_match'
      ? `answers ${percent(value)} of ${comparison.n} held-out rows exactly`
      : `reaches a macro-F1 of ${percent(value)} on ${comparison.n} held-out rows`;
  const hardest = deciding > 1 ? `, the hardest of ${deciding} opponents` : '';
  const meaning = vetoes.length > 0 ? '' : outcome(comparison);
  const name = opponentName(opponent);
  return `${openings[kind]}${because}: the candidate ${score}, ${difference(comparison, name)}${hardest}, McNemar ${pText(comparison.mcnemarP)}${meaning}.`;
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
  const wins = `${comparison.wins} rows won and ${comparison.losses} lost, McNemar ${pText(comparison.mcnemarP)}`;
  return `${findings[comparison.conclusion]}: ${numbers}; ${wins}`;
}

/** "the stand-in tfidf-logreg", or the arm's label. */
function opponentName(arm: Arm): string {
  return arm.standIn ? `the stand-in ${arm.model}` : arm.label;
}

/** A p value with two significant digits, as "p = 0.03" or "p < 0.001". */
export function pText(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${Number(p.toPrecision(2))}`;
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
  if (comparison.difference === 0) {
    return `as many as ${name} (${range(comparison)})`;
  }
  return comparison.difference > 0
    ? `${size} (${range(comparison)}) more than ${name}`
    : `${size} fewer than ${name} (difference ${signed(comparison.difference)}, ${range(comparison)})`;
}

function range({ low, high, confidence }: Comparison): string {
  return `${Number((confidence * 100).toFixed(1))} % CI ${signed(low)} to ${signed(high)}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function points(share: number): string {
  return `${Number((share * 100).toFixed(1))} points`;
}

function signed(share: number): string {
  const text = (share * 100).toFixed(1);
  return Number(text) === 0 ? '0.0' : text.replace('-', '−');
}
