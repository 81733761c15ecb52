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
  readonly suiteSlices?: readonly string[];
  /** Wall-clock seconds of the candidate's answers. */
  readonly seconds?: number;
  readonly latencyP95Ms?: number;
}

/** Judged by the gate. The candidate's answers are those that the first opponent's counts say. */
export function judgeContest(contest: SyntheticContest): Verdict {
  const { opponents, policy: asked, rows, candidateRows, seconds = 36, latencyP95Ms, ...surroundings } = contest;
  const policy = gateSchema.parse(asked ?? {});
  const [first] = opponents;
  if (first === undefined) {
    throw new RangeError('a contest needs an opponent');
  }
  const both = (change: RowChange | undefined): RowChange => (index) => ({ ...rows?.(index), ...change?.(index) });
  const scorers: Metric[] = [...new Set<Metric>(['exact_match', policy.metric])].filter((m) => m !== 'judge_preference');
  const candidate = syntheticContestant(
    syntheticArm('candidate'),
    sideOf(first.counts, 'candidate', both(candidateRows)),
    scorers,
  );
  return decide({
    ...surroundings,
    policy,
    suite: syntheticSuite,
    candidate: {
      ...candidate,
      scorecard: {
        ...candidate.scorecard,
        seconds,
        latencyMs: { ...candidate.scorecard.latencyMs, p95: latencyP95Ms ?? candidate.scorecard.latencyMs.p95 },
      },
    },
    others: opponents.map(({ counts, kind = 'baseline', arm, rows: own, costUsd }): Contestant => {
      const made = syntheticContestant(syntheticArm(kind, arm), sideOf(counts, 'opponent', both(own)), scorers);
      return costUsd === undefined ? made : { ...made, scorecard: { ...made.scorecard, costUsd } };
    }),
  });
}
