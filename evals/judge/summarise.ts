// A pair's row judgements become its summary: who is preferred, and how far the judges can be trusted.
import {
  winnerSchema,
  type Agreement,
  type JudgementSummary,
  type JudgeOfRow,
  type JudgeSummary,
  type RowJudgement,
  type Settled,
  type Winner,
} from '../../domain/judgement.ts';
import { judgesOf, kinships, type Judge, type JudgeRecipe } from '../../domain/recipe-judge.ts';
import type { FamilyMember } from '../../domain/model-family.ts';
import type { BlobRef } from '../../domain/refs.ts';
import { cohenKappa } from '../statistics/kappa.ts';
import { consistencyOf, lowestOf } from './consistency.ts';
import { adjustForLength, type LengthAdjustment } from './length-adjusted.ts';
import { judgeDigest, judgePromptVersion } from './prompt.ts';

/** Confidence of the intervals in a summary; the gate makes its own at the confidence of the policy. */
const confidence = 0.95;
const winners = winnerSchema.options;
/** Fewer labelled rows than this say little about a judge. */
export const enoughLabels = 100;

export interface SummaryInput {
  readonly judge: JudgeRecipe;
  readonly candidate: Contender;
  readonly other: Contender;
  /** All rows of the suite, in its order. */
  readonly rows: readonly RowJudgement[];
  /** What people said, by row id; null when there is no file of labels. */
  readonly human: ReadonlyMap<string, Winner> | null;
  /** What each judge was paid in this run, by its id. */
  readonly paidUsd: Readonly<Record<string, number>>;
  /** Where the rows are stored. */
  readonly judgements: BlobRef;
}

/** An arm, and the model behind it as far as its family is known. */
export interface Contender extends FamilyMember {
  readonly armId: string;
}

export function summariseJudgements(input: SummaryInput): JudgementSummary {
  const { judge, candidate, other, rows, human } = input;
  const judges = judgesOf(judge).map((one) => summaryOfJudge(one, input));
  const judged = rows.filter(({ settled }) => settled === 'judged');
  const unread = judged.filter(({ unreadable }) => unreadable).length;
  const adjustment = adjustForLength(rows, confidence);
  const labelled = human === null ? null : agreementOf(rows, human, (row) => panelWinner(row));
  return {
    promptVersion: judgePromptVersion,
    digest: judgeDigest(judge),
    candidate: candidate.armId,
    other: other.armId,
    n: rows.length,
    settled: countSettled(rows),
    preference: rows.reduce((sum, { preference }) => sum + preference, 0) / rows.length,
    majority: countWinners(rows.map((row) => panelMajority(row))),
    ties: rows.filter(({ preference }) => preference === 0).length,
    swapConsistency: lowestOf(judges.map((one) => one.swapConsistency)),
    selfConsistency: lowestOf(judges.map((one) => one.selfConsistency)),
    unreadable: {
      rows: unread,
      requests: judges.reduce((sum, { unreadable }) => sum + unreadable, 0),
      share: judged.length === 0 ? 0 : unread / judged.length,
    },
    unanswered: rows.filter(({ unanswered }) => unanswered).length,
    truncated: rows.filter(({ truncated }) => truncated).length,
    lengthEffect: adjustment.kind === 'estimated' ? adjustment.effect : null,
    human: labelled,
    sharedFamilies: kinships(
      judge,
      [candidate, other].map(({ armId, provider, model }) => ({ provider, model, name: armId })),
    ).map(({ judge: id, contestant, family }) => ({ judge: id, arm: contestant, family })),
    judges,
    remarks: remarksOf(labelled, adjustment, rows),
    judgements: input.judgements,
  };
}

function summaryOfJudge({ id, label, endpoint }: Judge, { rows, human, paidUsd }: SummaryInput): JudgeSummary {
  const ownOf = (row: RowJudgement): JudgeOfRow | undefined => row.judges.find(({ judge }) => judge === id);
  const own = rows.flatMap((row) => ownOf(row) ?? []);
  const read = own.flatMap(({ preference }) => preference ?? []);
  return {
    id,
    label,
    provider: endpoint.provider,
    model: endpoint.model,
    rows: countWinners(read.map((preference) => winnerOfSign(preference))),
    preference: read.length === 0 ? null : read.reduce((sum: number, one) => sum + one, 0) / read.length,
    ...consistencyOf(own),
    human:
      human === null
        ? null
        : agreementOf(rows, human, (row) => {
            const preference = ownOf(row)?.preference ?? null;
            return preference === null ? null : winnerOfSign(preference);
          }),
    paidUsd: paidUsd[id] ?? 0,
  };
}

/** The sign of the panel's mean, for rows that judges read. */
function panelWinner({ settled, unreadable, preference }: RowJudgement): Winner | null {
  return settled === 'judged' && !unreadable ? winnerOfSign(preference) : null;
}

/** What more than half of the readable judges say; settled rows by their preference. */
function panelMajority({ judges, preference }: RowJudgement): Winner {
  const read = judges.flatMap((judge) => judge.preference ?? []);
  if (judges.length === 0) {
    return winnerOfSign(preference);
  }
  const most = ([1, -1] as const).find((sign) => read.filter((one) => one === sign).length * 2 > read.length);
  return winnerOfSign(most ?? 0);
}

function winnerOfSign(preference: number): Winner {
  return preference === 0 ? 'tie' : preference > 0 ? 'candidate' : 'other';
}

function agreementOf(
  rows: readonly RowJudgement[],
  human: ReadonlyMap<string, Winner>,
  judged: (row: RowJudgement) => Winner | null,
): Agreement {
  const labelled = rows.flatMap((row) => {
    const [person, judge] = [human.get(row.rowId), judged(row)];
    return person === undefined || judge === null ? [] : [{ judge, person }];
  });
  const n = labelled.length;
  const same = labelled.filter(({ judge, person }) => judge === person).length;
  const none = { n, raw: n === 0 ? null : same / n, kappa: null, low: null, high: null };
  if (n === 0 || new Set(labelled.flatMap(({ judge, person }) => [judge, person])).size === 1) {
    return none;
  }
  const codes = (who: 'judge' | 'person'): Int32Array => Int32Array.from(labelled, (one) => winners.indexOf(one[who]));
  const { kappa, low, high } = cohenKappa(codes('judge'), codes('person'), winners.length, confidence);
  return { ...none, kappa, low, high };
}

function countWinners(given: readonly Winner[]): Record<Winner, number> {
  const count = (one: Winner): number => given.filter((winner) => winner === one).length;
  return { candidate: count('candidate'), other: count('other'), tie: count('tie') };
}

function countSettled(rows: readonly RowJudgement[]): Record<Settled, number> {
  const count = (how: Settled): number => rows.filter(({ settled }) => settled === how).length;
  return {
    judged: count('judged'),
    identical: count('identical'),
    candidate_missing: count('candidate_missing'),
    other_missing: count('other_missing'),
    both_missing: count('both_missing'),
  };
}

function remarksOf(human: Agreement | null, length: LengthAdjustment, rows: readonly RowJudgement[]): string[] {
  const remarks: string[] = [];
  if (human === null) {
    remarks.push('the judges were not compared with people: give evaluate.judge.human_labels');
  } else if (human.n < enoughLabels) {
    remarks.push(`fewer than ${enoughLabels} human labels (${human.n}): read their agreement with care`);
  }
  if (length.kind === 'no_overlap') {
    remarks.push(`the preference at equal length cannot be told: only ${length.rows} rows speak for it`);
  }
  const cut = rows.filter(({ truncated }) => truncated).length;
  if (cut > 0) {
    remarks.push(`judges saw only the beginning of an answer on ${cut} of ${rows.length} rows`);
  }
  return remarks;
}
