import { describe, expect, it } from 'vitest';
import {
  judgementSummarySchema,
  type JudgementSummary,
  type RowJudgement,
  type Winner,
} from '../../domain/judgement.ts';
import type { JudgeRecipe } from '../../domain/recipe-judge.ts';
import { judgeDigest } from './prompt.ts';
import { summariseJudgements } from './summarise.ts';
import {
  honest,
  judgedBy,
  positionBiased,
  prosaic,
  syntheticJudge,
  type SyntheticJudge,
  type SyntheticPair,
} from './synthetic-judges.ts';

const judgements = { key: 'blobs/sha256/00/00', sha256: '0'.repeat(64), bytes: 1 };

function summaryOf(
  rows: readonly RowJudgement[],
  judge: JudgeRecipe,
  human: ReadonlyMap<string, Winner> | null = null,
): JudgementSummary {
  return judgementSummarySchema.parse(
    summariseJudgements({
      judge,
      candidate: { armId: 'candidate', model: 'smollm2-135m' },
      other: { armId: 'baseline-1-gpt-5', provider: 'openai', model: 'gpt-5' },
      rows,
      human,
      paidUsd: { 'judge-1-m1': 0.25 },
      judgements,
    }),
  );
}

/** Every third row is won by the other arm, the rest by the candidate; both sides are equally long. */
const pairs = Array.from({ length: 60 }, (_, row): SyntheticPair =>
  row % 3 === 0
    ? { candidate: `bad. ${row}`, other: `good! ${row}` }
    : { candidate: `good! ${row}`, other: `bad.. ${row}` },
);

const moody: SyntheticJudge = (messages, sample) =>
  sample === 2 ? '{"winner":"tie","reason":""}' : honest(messages, sample);

describe('a summary', () => {
  it('counts winners, mean and majority over all rows', () => {
    const summary = summaryOf(judgedBy([honest], pairs), syntheticJudge());
    expect(summary).toMatchObject({
      digest: judgeDigest(syntheticJudge()),
      promptVersion: 'judge/1',
      n: 60,
      majority: { candidate: 40, other: 20, tie: 0 },
      ties: 0,
      swapConsistency: 1,
      selfConsistency: null,
      unanswered: 0,
    });
    expect(summary.preference).toBeCloseTo(1 / 3, 12);
    expect(summary.judges[0]).toMatchObject({
      id: 'judge-1-m1',
      requests: 120,
      unreadable: 0,
      firstPosition: 0.5,
      paidUsd: 0.25,
    });
  });

  it('shows a judge that always says A for what it is: all ties, swap-consistency 0', () => {
    const summary = summaryOf(judgedBy([positionBiased], pairs), syntheticJudge());
    expect(summary).toMatchObject({ preference: 0, ties: 60, swapConsistency: 0, majority: { tie: 60 } });
    expect(summary.judges[0]?.firstPosition).toBe(1);
  });

  it('of a panel is as consistent as its worst judge, and the majority stands', () => {
    const summary = summaryOf(judgedBy([honest, honest, positionBiased], pairs), syntheticJudge(3));
    expect(summary).toMatchObject({ swapConsistency: 0, majority: { candidate: 40, other: 20 } });
    expect(summary.preference).toBeCloseTo(2 / 9, 12);
    expect(summary.judges.map(({ swapConsistency }) => swapConsistency)).toEqual([1, 1, 0]);
  });

  it('counts prose apart, and each row without a judgement as a tie', () => {
    const summary = summaryOf(judgedBy([prosaic], pairs), syntheticJudge());
    expect(summary.unreadable).toEqual({ rows: 60, requests: 120, share: 1 });
    expect(summary).toMatchObject({ ties: 60, preference: 0, swapConsistency: null });
    expect(summary.judges[0]?.preference).toBeNull();
  });

  it('has the agreement of repeats, over pairs of the same order', () => {
    const rows = judgedBy([moody], pairs, { samples: 3 });
    // Of the three pairs of each order one agrees, and the majority is not swayed.
    expect(summaryOf(rows, syntheticJudge(1, { samples: 3 }))).toMatchObject({
      selfConsistency: 1 / 3,
      majority: { candidate: 40, other: 20, tie: 0 },
    });
  });

  it('names judges of the family of a contestant', () => {
    const judge = syntheticJudge();
    const panel = judge.panel.map((one) => Object.assign(one, { model: 'org/gpt-oss-120b' }));
    expect(summaryOf(judgedBy([honest], pairs), { ...judge, panel }).sharedFamilies).toEqual([
      { judge: 'judge-1-org-gpt-oss-120b', arm: 'baseline-1-gpt-5', family: 'openai' },
    ]);
  });
});

describe('agreement with people', () => {
  const rows = judgedBy([honest], pairs);

  it('is kappa and raw agreement over the labelled rows, with a caution below a hundred', () => {
    const human = new Map(
      rows
        .slice(0, 30)
        .map(({ rowId, preference }, index): [string, Winner] => [
          rowId,
          index < 5 ? 'tie' : preference > 0 ? 'candidate' : 'other',
        ]),
    );
    const summary = summaryOf(rows, syntheticJudge(), human);
    expect(summary.human).toMatchObject({ n: 30, raw: 25 / 30 });
    expect(summary.human?.kappa).toBeGreaterThan(0.5);
    expect(summary.human?.low).toBeLessThan(summary.human?.kappa ?? 0);
    expect(summary.judges[0]?.human).toEqual(summary.human);
    expect(summary.remarks).toContain('fewer than 100 human labels (30): read their agreement with care');
  });

  it('is said to be missing when there are no labels, or none of these answers', () => {
    expect(summaryOf(rows, syntheticJudge()).remarks.join()).toContain('were not compared with people');
    const alike = new Map([[rows[1]?.rowId ?? '', 'candidate' as const]]);
    expect(summaryOf(rows, syntheticJudge(), alike).human).toMatchObject({ n: 1, raw: 1, kappa: null });
    expect(summaryOf(rows, syntheticJudge(), new Map()).human).toEqual({
      n: 0,
      raw: null,
      kappa: null,
      low: null,
      high: null,
    });
  });
});
