import { describe, expect, test } from 'vitest';
import { gateSchema } from '../domain/recipe-gate.ts';
import type { RowResult } from '../domain/scorecard.ts';
import { sequentialLook } from './sequential-look.ts';
import { createRandom } from './statistics/random.ts';
import { syntheticResult } from './synthetic.ts';

const policy = gateSchema.parse({ margin: 0.1, sequential: { enabled: true } });
const claimed = 1 / ((1 - policy.confidence) / 2);

/** Both arms right by chance, independently. */
function arms(
  rows: number,
  candidate: number,
  other: number,
  seed = 5,
): { candidate: RowResult[]; other: RowResult[] } {
  const random = createRandom(seed);
  const side = (share: number): RowResult[] =>
    Array.from({ length: rows }, (_, index) => syntheticResult(index, random() < share));
  return { candidate: side(candidate), other: side(other) };
}

function rightWhere(right: (index: number) => boolean): RowResult[] {
  return Array.from({ length: 160 }, (_, index) => syntheticResult(index, right(index)));
}

describe('a look at a contest', () => {
  test('settles before the last row when the candidate is clearly better, and stays settled', () => {
    const { candidate, other } = arms(2000, 0.9, 0.6);
    const at = (rows: number) => sequentialLook({ policy, candidate, other: other.slice(0, rows) });
    const settled = [100, 200, 300, 400, 500, 1000, 2000].map((rows) => at(rows).settled);
    expect(settled.indexOf(true)).toBeGreaterThan(-1);
    expect(settled.indexOf(true)).toBeLessThan(3);
    expect(settled.slice(settled.indexOf(true))).not.toContain(false);
    expect(at(2000)).toMatchObject({ conclusion: 'superior', rows: 2000, units: 2000 });
  });

  test('claims nothing before the e-value reaches 1/α', () => {
    const { candidate, other } = arms(1500, 0.75, 0.7);
    const claims: boolean[] = [];
    for (let rows = 25; rows <= 1500; rows += 25) {
      const { eValue, conclusion } = sequentialLook({ policy, candidate, other: other.slice(0, rows) });
      claims.push(conclusion === 'non_inferior' || conclusion === 'superior');
      expect(claims.at(-1) === false || eValue > claimed, `${rows} rows`).toBe(true);
    }
    expect([claims[0], claims.at(-1)]).toEqual([false, true]);
  });

  test('forgets early luck: wins that come first do not outweigh the losses that follow', () => {
    const sides = {
      candidate: rightWhere((index) => index < 20),
      other: rightWhere((index) => index >= 80 && index < 98),
    };
    const look = sequentialLook({ policy: { ...policy, margin: 0.03 }, ...sides });
    expect(look.eValue).toBeGreaterThan(claimed);
    expect(look).toMatchObject({ conclusion: 'inconclusive', settled: false });
  });

  test('says worse when the candidate is, and stops', () => {
    const { candidate, other } = arms(800, 0.5, 0.9);
    expect(sequentialLook({ policy, candidate, other })).toMatchObject({ conclusion: 'worse', settled: true });
  });

  test('is not settled before the rows that the policy asks for', () => {
    const { candidate, other } = arms(400, 1, 0);
    const many = { ...policy, min_rows: 300 };
    expect(sequentialLook({ policy: many, candidate, other: other.slice(0, 299) }).settled).toBe(false);
    expect(sequentialLook({ policy: many, candidate, other: other.slice(0, 300) }).settled).toBe(true);
  });

  test('bets on complete clusters alone', () => {
    const { candidate, other } = arms(60, 1, 0);
    const grouped = candidate.map(({ score }, index) =>
      syntheticResult(index, score === 1, { group: `g${index % 20}` }),
    );
    const look = (rows: number) => sequentialLook({ policy, candidate: grouped, other: other.slice(0, rows) });
    expect(look(40)).toMatchObject({ rows: 40, units: 0, low: -1, high: 1, settled: false });
    expect(look(45)).toMatchObject({ rows: 45, units: 5, difference: 1, high: 1 });
    expect(look(60).units).toBe(20);
  });

  test('seldom promotes a candidate at the margin, though it looks ten times', { timeout: 30_000 }, () => {
    const contests = 120;
    const promoted = Array.from({ length: contests }, (_, contest) => arms(600, 0.6, 0.7, 1000 + contest)).filter(
      ({ candidate, other }) =>
        Array.from({ length: 10 }, (_, look) => 60 * (look + 1)).some((rows) =>
          ['non_inferior', 'superior'].includes(
            sequentialLook({ policy, candidate, other: other.slice(0, rows) }).conclusion,
          ),
        ),
    );
    // The level is 2.5 %; four standard errors above it are 8.2 %.
    expect(promoted.length / contests).toBeLessThanOrEqual(0.08);
  });
});
