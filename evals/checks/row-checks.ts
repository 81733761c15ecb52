// Enough rows, all answered, none of them learnt by heart.
import type { GateCheck } from '../../domain/gate-check.ts';
import { rowsText } from '../numbers-in-words.ts';
import { numbered, type Contest } from './contest.ts';

/** Rows of the shortest deciding comparison: a sequential policy may have stopped before the last row. */
export function enoughRows({ policy, candidate, deciding }: Contest): GateCheck {
  const n = Math.min(candidate.results.length, ...deciding.arms.map(({ results }) => results.length));
  const few = n < policy.min_rows;
  const asked = `the recipe asks for at least ${policy.min_rows}`;
  return numbered(
    'min_rows',
    few ? 'failed' : 'passed',
    [n, policy.min_rows, 'rows'],
    few ? `only ${n} held-out rows, ${asked}` : `${n} held-out rows, ${asked}`,
  );
}

/** An opponent whose answers were lost to faults would be beaten by the faults. */
export function completeOpponents({ others }: Contest): GateCheck[] {
  return others
    .filter(({ arm }) => arm.kind === 'baseline' || arm.kind === 'champion')
    .map(({ arm, results }) => {
      const lost = results.filter(({ answer }) => answer === null).length;
      return numbered(
        'completeness',
        lost > 0 ? 'failed' : 'passed',
        [lost, 0, 'rows'],
        lost > 0
          ? `${arm.kind} incomplete: ${arm.label} gave no answer to ${lost} of ${results.length} rows`
          : `${arm.label} answered ${rowsText(results.length)}`,
      );
    });
}

/** Only where a model was trained: test rows that it may have learnt by heart. */
export function noLeakage({ leakage }: Contest): GateCheck[] {
  if (leakage === undefined) {
    return [];
  }
  const { rows, of } = leakage;
  return [
    numbered(
      'leakage',
      rows > 0 ? 'failed' : 'passed',
      [rows, 0, 'rows'],
      rows > 0
        ? `${rows} of ${of} test rows are also among the training rows`
        : `none of ${of} test rows is among the training rows`,
    ),
  ];
}
