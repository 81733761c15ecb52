// What checks look at: the contest and the facts around it.
import type { CheckName, GateCheck } from '../../domain/gate-check.ts';
import type { Metric } from '../../domain/metrics.ts';
import type { GateRecipe } from '../../domain/recipe-gate.ts';
import type { Comparison, SliceComparison } from '../../domain/verdict.ts';
import type { Contestant } from '../compare.ts';
import type { DecidingArms } from '../deciding-arms.ts';
import type { Preferences } from '../paired-evidence.ts';

/** A suite beside the contest: what the candidate may have unlearnt. */
export interface Guard {
  readonly guard: 'forgetting' | 'refusals';
  /** Name of the suite, for people. */
  readonly suite: string;
  /** Right behaviour scores 1. */
  readonly metric: Metric;
  readonly candidate: Contestant;
  /** The untuned base on the same rows. */
  readonly base: Contestant;
}

/** What judges said about the candidate and one other arm. */
export interface Judged {
  readonly preferences: Preferences;
  /** Share of rows on which the judge says the same in both orders; null when it was not measured. */
  readonly swapConsistency: number | null;
  /** Reasons not to trust the judge, each a sentence without its full stop. */
  readonly doubts: readonly string[];
  /** Digest of the stored judgements. */
  readonly sha256: string;
}

/** Facts from outside the answers. */
export interface Surroundings {
  /** Price of the machine that serves our own models. */
  readonly usdPerHour?: number | undefined;
  /** Test rows whose input is that of a training row; absent where nothing was trained. */
  readonly leakage?: { readonly rows: number; readonly of: number } | undefined;
  readonly guards?: readonly Guard[];
  /** By the id of the arm that the candidate was compared with. */
  readonly judged?: ReadonlyMap<string, Judged>;
  /** Candidates of the sweep that this one was chosen from, on other rows; absent where one was trained. */
  readonly chosenFrom?: number | undefined;
  /** Reasons against a promotion that lie outside the contest, such as licences; each is a veto. */
  readonly objections?: readonly string[];
}

export interface Contest extends Surroundings {
  readonly policy: GateRecipe;
  readonly suite: string;
  readonly candidate: Contestant;
  readonly others: readonly Contestant[];
  readonly deciding: DecidingArms;
  /** Comparisons with every other arm, by arm id. */
  readonly comparisons: ReadonlyMap<string, Comparison>;
  readonly slices: readonly SliceComparison[];
}

/** One check that has a number. */
export function numbered(
  check: CheckName,
  outcome: GateCheck['outcome'],
  [measured, limit, unit]: readonly [measured: number | null, limit: number | null, unit: string],
  sentence: string,
): GateCheck {
  return { check, outcome, measured, limit, unit, sentence };
}
