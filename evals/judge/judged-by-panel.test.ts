import { describe, expect, it } from 'vitest';
import type { RowJudgement } from '../../domain/judgement.ts';
import type { Judged } from '../checks/contest.ts';
import { createRandom } from '../statistics/random.ts';
import { adjustForLength } from './length-adjusted.ts';
import { judgedByPanel } from './judged-by-panel.ts';
import { summariseJudgements } from './summarise.ts';
import {
  honest,
  judgedBy,
  lengthBiased,
  positionBiased,
  prosaic,
  syntheticJudge,
  type SyntheticJudge,
  type SyntheticPair,
} from './synthetic-judges.ts';

const policy = {
  rule: 'non_inferior',
  margin: 0.1,
  confidence: 0.95,
  cluster: 'group',
  min_swap_consistency: undefined,
} as const;
const judgements = { key: 'blobs/sha256/00/00', sha256: '0'.repeat(64), bytes: 1 };

interface Situation {
  readonly judges?: number;
  /** Model of every judge. */
  readonly model?: string;
  readonly allow?: boolean;
  readonly rule?: 'superior';
  readonly cluster?: string;
  readonly minSwapConsistency?: number;
}

function judged(rows: readonly RowJudgement[], given: Situation = {}): Judged {
  const judge = syntheticJudge(given.judges ?? 1, given.allow === true ? { same_family: 'allow' } : {});
  const panel = judge.panel.map((one) => Object.assign(one, { model: given.model ?? one.model }));
  const summary = summariseJudgements({
    judge: { ...judge, panel },
    candidate: { armId: 'candidate', model: 'smollm2' },
    other: { armId: 'baseline', provider: 'openai', model: 'gpt-5' },
    rows,
    human: null,
    paidUsd: {},
    judgements,
  });
  const { rule = policy.rule, cluster = policy.cluster, minSwapConsistency } = given;
  return judgedByPanel({
    policy: { ...policy, rule, cluster, min_swap_consistency: minSwapConsistency },
    judge,
    summary,
    rows,
  });
}

const doubts = (rows: readonly RowJudgement[], given: Situation = {}): readonly string[] => judged(rows, given).doubts;
const rawOf = (rows: readonly RowJudgement[]): number =>
  rows.reduce((sum, { preference }) => sum + preference, 0) / rows.length;

/** Pairs whose better side and whose longer side are drawn apart from each other. */
function drawn(n: number, betterShare: number, longerShare: number, seed = 3): SyntheticPair[] {
  const random = createRandom(seed);
  return Array.from({ length: n }, (_, row) => {
    const [better, longer] = [random() < betterShare, random() < longerShare];
    const words = (is: boolean): string => 'word '.repeat(20 + Math.floor(random() * 10) + (is ? 12 : 0));
    return {
      candidate: `${words(longer)}${better ? '!' : '.'}${row}`,
      other: `${words(!longer)}${better ? '.' : '!'}${row}`,
    };
  });
}

describe('the gate is told', () => {
  const rows = judgedBy([honest], drawn(400, 0.7, 0.5));

  it('the preference of each row, the consistency of the worst judge and the digest of the judgements', () => {
    const { preferences, swapConsistency, sha256 } = judged(rows);
    expect(preferences.size).toBe(400);
    expect(rows.every(({ rowId, preference }) => preferences.get(rowId) === preference)).toBe(true);
    expect([swapConsistency, sha256]).toEqual([1, judgements.sha256]);
  });

  it('no doubt about an honest judge', () => {
    expect(doubts(rows)).toEqual([]);
    expect(doubts(rows, { rule: 'superior' })).toEqual([]);
  });
});

describe('length', () => {
  const longer = judgedBy([lengthBiased], drawn(400, 0.5, 0.75));

  it('explains the whole preference of a judge that likes long answers: adjusted it is near 0', () => {
    const adjustment = adjustForLength(longer, 0.95);
    expect(rawOf(longer)).toBeGreaterThan(0.3);
    expect(adjustment.kind).toBe('estimated');
    expect(Math.abs(adjustment.kind === 'estimated' ? adjustment.effect.adjusted : 1)).toBeLessThan(0.12);
  });

  it('so is a doubt about the candidate that is preferred for it, whatever the raw preference', () => {
    expect(rawOf(longer)).toBeGreaterThan(0.3);
    expect(doubts(longer, { rule: 'superior' })).toEqual([
      expect.stringMatching(/^at equal length the preference over baseline is .+, not above 0\.0$/u),
    ]);
  });

  it('takes nothing from a candidate that is longer and better', () => {
    const adjustment = adjustForLength(judgedBy([honest], drawn(400, 0.75, 0.75)), 0.95);
    expect(adjustment.kind === 'estimated' ? adjustment.effect.adjusted : 0).toBeGreaterThan(0.35);
  });

  it('of a candidate that is always much longer cannot be told from preference, which vetoes', () => {
    const pairs = drawn(100, 0.7, 0.5).map(({ other }, row) => ({ candidate: 'word '.repeat(200 + row), other }));
    expect(adjustForLength(judgedBy([lengthBiased], pairs), 0.95).kind).toBe('no_overlap');
    expect(doubts(judgedBy([lengthBiased], pairs))).toEqual([expect.stringContaining('cannot be told')]);
  });

  it('that never differs explains nothing', () => {
    const pairs = Array.from({ length: 50 }, (_, row) => ({ candidate: `a! ${row}`, other: `a. ${row}` }));
    expect(adjustForLength(judgedBy([honest], pairs), 0.95)).toEqual({ kind: 'equal_lengths' });
    expect(doubts(judgedBy([honest], pairs))).toEqual([]);
  });

  it('leaves rows with a missing answer lost, whatever the lengths', () => {
    const pairs = drawn(200, 0.5, 0.5);
    const lost = Array.from({ length: 50 }, (): SyntheticPair => ({ candidate: null, other: 'there' }));
    const [whole, part] = [judgedBy([honest], pairs), judgedBy([honest], [...pairs, ...lost])].map((rows) =>
      adjustForLength(rows, 0.95),
    );
    const adjusted = (one: typeof whole): number => (one?.kind === 'estimated' ? one.effect.adjusted : Number.NaN);
    expect(adjusted(part)).toBeCloseTo((adjusted(whole) * 200 - 50) / 250, 6);
  });
});

describe('a doubt', () => {
  const pairs = drawn(200, 0.7, 0.5);
  const rows = judgedBy([honest], pairs);

  it('is a judge that says otherwise as soon as the answers change places', () => {
    const swayed = judgedBy([honest, positionBiased], pairs);
    expect(doubts(swayed, { judges: 2 })).toEqual([
      'the least consistent judge says the same in both orders on 0.0 % of the rows with baseline, below 60.0 %',
    ]);
    expect(doubts(swayed, { judges: 2, minSwapConsistency: 0.7 })).toEqual([]);
    expect(judged(swayed, { judges: 2 }).swapConsistency).toBe(0);
  });

  it('are judges that cannot be read', () => {
    expect(doubts(judgedBy([prosaic], pairs))).toContain(
      'no judge could be read on 200 of 200 rows with baseline, more than 5.0 %',
    );
  });

  it('are not the few rows that could not be read', () => {
    let asked = 0;
    const sometimes: SyntheticJudge = (messages, sample) => ((asked += 1) % 50 === 0 ? 'A!' : honest(messages, sample));
    expect(doubts(judgedBy([sometimes], pairs))).toEqual([]);
  });

  it('is a judge of the family of a contestant, unless the recipe allows it', () => {
    expect(doubts(rows, { model: 'gpt-4' })).toEqual([
      'judge-1-gpt-4 is of the openai family, as is arm baseline, and judges favour their own',
    ]);
    expect(doubts(rows, { model: 'gpt-4', allow: true })).toEqual([]);
  });

  it('are rows that are still to be judged', () => {
    const open = judgedBy([honest], pairs).map((row, index) => Object.assign(row, { unanswered: index < 3 }));
    expect(doubts(open)).toEqual(['judgement incomplete: 3 of 200 rows with baseline are still to be judged']);
  });
});
