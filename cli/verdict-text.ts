// A verdict in the terminal: the arms with their differences to the candidate, the sentence, and what was found.
import Table from 'cli-table3';
import { metricFacts } from '../domain/metrics.ts';
import type { Comparison, Verdict, VerdictKind } from '../domain/verdict.ts';
import type { Contestant } from '../evals/compare.ts';
import { signedPoints, percent } from '../evals/report/format.ts';
import { finding } from '../evals/output/comparison-words.ts';
import { pText } from '../evals/numbers-in-words.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { clean, type Terminal } from './terminal.ts';
import { checkLines, verdictSentenceLine } from './verdict-lines.ts';

/** The exit code that belongs to a verdict. */
export function exitCodeOf(kind: VerdictKind): ExitCode {
  return { promote: exitCodes.done, hold: exitCodes.hold, reject: exitCodes.reject }[kind];
}

/** The table of arms: the candidate first, then the arms that decide, then those for information. */
export function armsTable({ deciding, reference }: Verdict, contestants: readonly Contestant[]): string {
  const metric = deciding[0]?.metric ?? 'exact_match';
  const confidence = Number((100 * (deciding[0]?.confidence ?? 0)).toFixed(1));
  const table = new Table({
    head: [
      'arm',
      metricFacts[metric].label,
      '95 % interval',
      'difference',
      `${confidence} % interval`,
      'won/lost',
      'McNemar',
      'finding',
      'rows needed',
    ],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'left', 'right'],
  });
  for (const { arm, scorecard } of contestants) {
    const found = scorecard.metrics[metric];
    table.push([
      clean(arm.label),
      found === undefined ? '' : percent(found.value),
      found === undefined ? '' : `${(100 * found.low).toFixed(1)} – ${(100 * found.high).toFixed(1)}`,
      ...comparisonCells([...deciding, ...reference].find(({ armId }) => armId === arm.id)),
    ]);
  }
  return table.toString();
}

function comparisonCells(comparison: Comparison | undefined): string[] {
  return comparison === undefined
    ? ['', '', '', '', 'candidate', '']
    : [
        signedPoints(comparison.difference),
        `${signedPoints(comparison.low)} – ${signedPoints(comparison.high)}`,
        `${comparison.wins}/${comparison.losses}`,
        pText(comparison.mcnemarP),
        finding(comparison),
        comparison.rowsNeeded === null ? '' : String(comparison.rowsNeeded),
      ];
}

/** Sentence, failed checks and remarks, one a line. */
export function verdictLines({ colors }: Terminal, verdict: Verdict, remarks: readonly string[]): string[] {
  return [
    '',
    verdictSentenceLine(verdict, colors),
    ...checkLines(verdict, colors),
    ...[...verdict.remarks, ...remarks].map((remark) => colors.dim(remark)),
  ];
}
