// From the readings of a row to its preference: orders that disagree are a tie, judges are averaged.
import type { JudgeOfRow, JudgeOrder, Reading, RowJudgement, Settled, Winner } from '../../domain/judgement.ts';
import type { RowResult } from '../../domain/scorecard.ts';
import { readReply, type JudgeReply } from './reply.ts';

export const judgeOrders: readonly JudgeOrder[] = ['candidate_first', 'other_first'];

/** Which arm a reply means: A is whoever stood first. */
function winnerOf({ winner }: JudgeReply, order: JudgeOrder): Winner {
  if (winner === 'tie') {
    return 'tie';
  }
  return (winner === 'A') === (order === 'candidate_first') ? 'candidate' : 'other';
}

/** What one reply says, or why nothing can be read from it. */
export function readingOf(
  asked: Pick<Reading, 'order' | 'sample' | 'cached'>,
  answer: { readonly text: string; readonly refused: boolean },
): Reading {
  const reply = answer.refused ? null : readReply(answer.text);
  return reply === null
    ? { ...asked, winner: null, problem: answer.refused ? 'refused' : 'unreadable' }
    : { ...asked, winner: winnerOf(reply, asked.order), reason: reply.reason };
}

/**
 * How a row is settled without judges, or `judged`. A missing answer loses to any answer; answers that differ in white
 * space at their ends alone are a tie.
 */
export function settle(candidate: string | null, other: string | null): Settled {
  if (candidate === null) {
    return other === null ? 'both_missing' : 'candidate_missing';
  }
  if (other === null) {
    return 'other_missing';
  }
  return candidate.trim() === other.trim() ? 'identical' : 'judged';
}

const settledPreference = { identical: 0, both_missing: 0, candidate_missing: -1, other_missing: 1 } as const;

const preferenceOf = { candidate: 1, other: -1, tie: 0 } as const satisfies Record<Winner, number>;

/** One judge on one row. The majority of its repeats speaks for an order, and no majority is a tie. */
export function judgeOfRow(judge: string, orders: readonly Reading[]): JudgeOfRow {
  const [first, second] = winnersByOrder(orders);
  if (first === null || second === null) {
    return { judge, orders: [...orders], preference: null };
  }
  return { judge, orders: [...orders], preference: preferenceOf[first === second ? first : 'tie'] };
}

/** What a judge says in each order, candidate first and other first; null where nothing could be read. */
export function winnersByOrder(orders: readonly Reading[]): [Winner | null, Winner | null] {
  const said = (order: JudgeOrder): Winner | null => majorityOf(orders.filter((reading) => reading.order === order));
  return [said('candidate_first'), said('other_first')];
}

function majorityOf(readings: readonly Reading[]): Winner | null {
  const winners = readings.flatMap(({ winner }) => winner ?? []);
  const most = (['candidate', 'other'] as const).find(
    (one) => winners.filter((winner) => winner === one).length * 2 > winners.length,
  );
  return winners.length === 0 ? null : (most ?? 'tie');
}

/** A row with everything known about it. `judges` is empty for a row that was not shown to judges. */
export function judgeRow(
  candidate: RowResult,
  other: RowResult,
  judges: readonly JudgeOfRow[],
  maxAnswerChars: number,
): RowJudgement {
  const settled = settle(candidate.answer, other.answer);
  const read = judges.flatMap(({ preference }) => preference ?? []);
  const lengths = { candidate: candidate.answer?.length ?? 0, other: other.answer?.length ?? 0 };
  const judged = settled === 'judged';
  const mean = read.length === 0 ? 0 : read.reduce((sum: number, one) => sum + one, 0) / read.length;
  return {
    rowId: candidate.rowId,
    expected: candidate.expected,
    ...(candidate.group === undefined ? {} : { group: candidate.group }),
    slices: candidate.slices,
    settled,
    judges: [...judges],
    preference: judged ? mean : settledPreference[settled],
    lengths,
    truncated: judged && Math.max(lengths.candidate, lengths.other) > maxAnswerChars,
    unreadable: judged && read.length === 0,
    unanswered: judges.some(({ orders }) => orders.some(({ problem }) => problem === 'unanswered')),
  };
}
