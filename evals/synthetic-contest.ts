// Synthetic contests for tests: who is right on how many rows, and everything else a gate looks at.
import { gateSchema } from '../domain/recipe-gate.ts';
import type { Metric } from '../domain/metrics.ts';
import type { Arm, ArmKind, RowResult } from '../domain/scorecard.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { z } from 'zod';
import type { Surroundings } from './checks/contest.ts';
import type { Contestant } from './compare.ts';
import { decide } from './gate.ts';
import { syntheticArm, syntheticContestant, syntheticResult, syntheticSuite } from './synthetic.ts';

/** How often candidate and opponent are right: both, candidate alone (wins), opponent alone (losses), neither. */
export interface Counts {
  readonly both: number;
  readonly wins: number;
  readonly losses: number;
  readonly neither: number;
}

export type RowChange = (index: number) => Partial<RowResult>;

/** Rows in the order of the counts. */
export function sideOf(counts: Counts, side: 'candidate' | 'opponent', change: RowChange = () => ({})): RowResult[] {
  const right = [
    [counts.both, true],
    [counts.wins, side === 'candidate'],
    [counts.losses, side === 'opponent'],
    [counts.neither, false],
  ] as const;
  return right
    .flatMap(([count, isRight]) => Array.from({ length: count }, () => isRight))
    .map((isRight, index) => syntheticResult(index, isRight, change(index)));
}

/** One opponent of the candidate: what it has right, as counts against the candidate that all opponents share. */
export interface Opponent {
  readonly counts: Counts;
  readonly kind?: ArmKind;
  readonly arm?: Partial<Arm>;
  readonly rows?: RowChange;
  /** Rows that it was asked, from the first; all when absent. */
  readonly asked?: number;
  /** USD for all its answers; null when it has no price. */
  readonly costUsd?: number | null;
}

export interface SyntheticContest extends Surroundings {
  readonly policy?: z.input<typeof gateSchema>;
  readonly opponents: readonly Opponent[];
  /** Changes to the rows of every arm, such as groups and slices. */
  readonly rows?: RowChange;
  /** Changes to the candidate's rows alone. */
  readonly candidateRows?: RowChange;
  readonly candidateArm?: Partial<Arm>;
  readonly suiteSlices?: readonly string[];
  /** Wall-clock seconds of the candidate's answers. */
  readonly seconds?: number;
  readonly latencyP95Ms?: number;
}

/** What the gate decides. The candidate's answers are those that the first opponent's counts say. */
export function judgeContest(contest: SyntheticContest): Verdict {
  const { opponents, policy: asked, rows, candidateRows, candidateArm, seconds = 36, ...rest } = contest;
  const { latencyP95Ms, ...surroundings } = rest;
  const policy = gateSchema.parse(asked ?? {});
  const scorers: Metric[] = policy.metric === 'rouge_l' ? ['exact_match', 'rouge_l'] : ['exact_match'];
  const [first] = opponents;
  if (first === undefined) {
    throw new RangeError('a contest needs an opponent');
  }
  const answers = sideOf(first.counts, 'candidate', both(rows, candidateRows));
  const { scorecard, ...candidate } = syntheticContestant(syntheticArm('candidate', candidateArm), answers, scorers);
  const p95 = latencyP95Ms ?? scorecard.latencyMs.p95;
  return decide({
    ...surroundings,
    policy,
    suite: syntheticSuite,
    candidate: { ...candidate, scorecard: { ...scorecard, seconds, latencyMs: { ...scorecard.latencyMs, p95 } } },
    others: opponents.map((opponent) => contestantOf(opponent, rows, scorers)),
  });
}

function contestantOf(opponent: Opponent, rows: RowChange | undefined, scorers: readonly Metric[]): Contestant {
  const { counts, kind = 'baseline', arm, rows: own, asked, costUsd } = opponent;
  const answers = sideOf(counts, 'opponent', both(rows, own)).slice(0, asked);
  const made = syntheticContestant(syntheticArm(kind, arm), answers, scorers);
  return costUsd === undefined ? made : { ...made, scorecard: { ...made.scorecard, costUsd } };
}

function both(every: RowChange | undefined, own: RowChange | undefined): RowChange {
  return (index) => ({ ...every?.(index), ...own?.(index) });
}
