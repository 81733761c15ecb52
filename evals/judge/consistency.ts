// How far a judge can be trusted, from its own readings: does the order decide, does it repeat itself, can it be read.
import type { JudgeOfRow, Reading } from '../../domain/judgement.ts';
import { winnersByOrder } from './row-judgement.ts';

/** Counts and shares of one judge over its rows; a share is null when there is nothing to count. */
export interface Consistency {
  readonly swapConsistency: number | null;
  readonly firstPosition: number | null;
  readonly selfConsistency: number | null;
  readonly requests: number;
  readonly unreadable: number;
}

/**
 * - swap consistency: rows on which both orders name the same winner (or both a tie), of the rows read in both orders.
 *   0.5 is what a coin gives that never says tie (Zheng et al. 2023, arXiv:2306.05685, measure judges by it).
 * - first position: readings won by answer A, of those with a winner. A judge without position bias has 0.5, since
 *   every pair is shown in both orders.
 * - self-consistency: pairs of repeats of one order that agree, of all pairs that were read.
 */
export function consistencyOf(rows: readonly JudgeOfRow[]): Consistency {
  const readings = rows.flatMap(({ orders }) => orders);
  const given = readings.filter(({ problem }) => problem !== 'unanswered');
  const bothOrders = rows
    .map(({ orders }) => winnersByOrder(orders))
    .filter(([first, second]) => first !== null && second !== null);
  const won = readings.filter(({ winner }) => winner === 'candidate' || winner === 'other');
  const byFirst = won.filter(({ order, winner }) => (order === 'candidate_first') === (winner === 'candidate'));
  const repeats = rows.flatMap(({ orders }) => [
    ...repeatPairs(orders.filter(({ order }) => order === 'candidate_first')),
    ...repeatPairs(orders.filter(({ order }) => order === 'other_first')),
  ]);
  return {
    swapConsistency: shareOf(bothOrders, ([first, second]) => first === second),
    firstPosition: won.length === 0 ? null : byFirst.length / won.length,
    selfConsistency: shareOf(repeats, (agree) => agree),
    requests: given.length,
    unreadable: given.filter(({ winner }) => winner === null).length,
  };
}

/** Whether each pair of repeats agrees. */
function repeatPairs(readings: readonly Reading[]): boolean[] {
  const read = readings.filter(({ winner }) => winner !== null);
  return read.flatMap(({ winner }, at) => read.slice(at + 1).map((later) => later.winner === winner));
}

function shareOf<Item>(items: readonly Item[], holds: (item: Item) => boolean): number | null {
  return items.length === 0 ? null : items.filter(holds).length / items.length;
}

/** The lowest of the panel: a panel is as trustworthy as its worst judge. Null when no judge has a value. */
export function lowestOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}
