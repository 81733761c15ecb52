// Critical slices: the candidate must not be worse there either.
import type { GateCheck } from '../../domain/gate-check.ts';
import type { SliceComparison } from '../../domain/verdict.ts';
import { percent, points, pText, range } from '../numbers-in-words.ts';
import { numbered, type Contest } from './contest.ts';

/** One check for each critical slice and deciding arm. */
export function criticalSlices(contest: Contest): GateCheck[] {
  return contest.slices.filter(({ critical }) => critical).map((slice) => criticalSlice(slice, contest));
}

function criticalSlice(slice: SliceComparison, { policy, deciding }: Contest): GateCheck {
  const name = `critical slice ${slice.slice} = ${slice.value}`;
  const opponent = deciding.arms.find(({ arm }) => arm.id === slice.armId)?.arm.label ?? slice.armId;
  const alpha = (1 - policy.confidence) / 2;
  const { low, high, difference, adjustedP, conclusion, n, margin } = slice;
  if (low === null || high === null || difference === null || adjustedP === null) {
    const why = `${name} has ${n} rows, and the recipe asks for at least ${policy.min_slice_rows}`;
    return numbered('critical_slices', 'unknown', [n, policy.min_slice_rows, 'rows'], why);
  }
  const values = slice.candidate === null || slice.other === null ? '' : `${valuesOf(slice.candidate, slice.other)}, `;
  const numbers = `${values}${range({ low, high, confidence: policy.confidence })}, Holm-adjusted ${pText(adjustedP)}, ${n} rows`;
  const passed = conclusion === 'non_inferior';
  return numbered(
    'critical_slices',
    passed ? 'passed' : 'failed',
    [adjustedP, alpha, 'p'],
    `${name}: the candidate is ${passed ? '' : 'not shown to be '}within ${points(margin)} of ${opponent} (${numbers})`,
  );
}

function valuesOf(candidate: number, other: number): string {
  return `${percent(candidate)} against ${percent(other)}`;
}
