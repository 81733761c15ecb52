// What the gate is told of the judges: the preference of each row, and every reason not to rely on it.
import type { JudgementSummary, RowJudgement } from '../../domain/judgement.ts';
import type { GateRecipe } from '../../domain/recipe-gate.ts';
import type { JudgeRecipe } from '../../domain/recipe-judge.ts';
import type { Judged } from '../checks/contest.ts';
import { percent, signed } from '../numbers-in-words.ts';
import { adjustForLength } from './length-adjusted.ts';

/** When the policy names no other: about what strong judges reach (Zheng et al. 2023), and above a coin's 0.5. */
export const usualSwapConsistency = 0.6;

export interface PanelInput {
  readonly policy: Pick<GateRecipe, 'rule' | 'margin' | 'confidence' | 'cluster' | 'min_swap_consistency'>;
  readonly judge: Pick<JudgeRecipe, 'same_family' | 'max_unreadable'>;
  readonly summary: JudgementSummary;
  /** All rows of the suite. */
  readonly rows: readonly RowJudgement[];
}

/**
 * The raw preference decides by its interval, which the gate makes. The preference at equal length must pass the same
 * rule as well, or it is a doubt, and a doubt holds the verdict. Further doubts: rows still to be judged, rows that no
 * judge could be read on, a judge that changes its mind with the order, a judge of a contestant's family.
 */
export function judgedByPanel(input: PanelInput): Judged {
  const { summary, rows } = input;
  return {
    preferences: new Map(rows.map(({ rowId, preference }) => [rowId, preference])),
    swapConsistency: summary.swapConsistency,
    doubts: [
      ...unanswered(summary),
      ...unreadable(input),
      ...inconsistent(input),
      ...longWinded(input),
      ...ofTheFamily(input),
    ],
    sha256: summary.judgements.sha256,
  };
}

function unanswered({ unanswered: open, n, other }: JudgementSummary): string[] {
  return open === 0 ? [] : [`judgement incomplete: ${open} of ${n} rows with ${other} are still to be judged`];
}

function unreadable({ judge, summary: { unreadable: none, settled, other } }: PanelInput): string[] {
  return none.share <= judge.max_unreadable
    ? []
    : [
        `no judge could be read on ${none.rows} of ${settled.judged ?? 0} rows with ${other}, more than ${percent(judge.max_unreadable)}`,
      ];
}

/** Where the policy names a limit, the gate checks it by itself. */
function inconsistent({ policy, summary: { swapConsistency, other } }: PanelInput): string[] {
  if (
    policy.min_swap_consistency !== undefined ||
    swapConsistency === null ||
    swapConsistency >= usualSwapConsistency
  ) {
    return [];
  }
  return [
    `the least consistent judge says the same in both orders on ${percent(swapConsistency)} of the rows with ${other}, below ${percent(usualSwapConsistency)}`,
  ];
}

/** Both must pass: a candidate that is preferred for its length alone is not promoted. */
function longWinded({ policy, rows, summary: { other } }: PanelInput): string[] {
  const adjustment = adjustForLength(rows, policy.confidence, policy.cluster);
  const limit = policy.rule === 'superior' ? 0 : -policy.margin;
  switch (adjustment.kind) {
    case 'equal_lengths':
      return [];
    case 'no_overlap':
      return [`the preference over ${other} at equal length cannot be told: only ${adjustment.rows} rows speak for it`];
    case 'estimated': {
      const { low, adjusted } = adjustment.effect;
      return low > limit
        ? []
        : [
            `at equal length the preference over ${other} is ${signed(adjusted)} points and may be as low as ${signed(low)}, not above ${signed(limit)}`,
          ];
    }
    default:
      return adjustment satisfies never;
  }
}

function ofTheFamily({ judge, summary }: PanelInput): string[] {
  return judge.same_family === 'allow'
    ? []
    : summary.sharedFamilies.map(
        ({ judge: id, arm, family }) =>
          `${id} is of the ${family} family, as is arm ${arm}, and judges favour their own`,
      );
}
