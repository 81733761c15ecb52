import { describe, expect, it } from 'vitest';
import type { Reading, Winner } from '../../domain/judgement.ts';
import { judgeOfRow, readingOf, settle } from './row-judgement.ts';
import { honest, judgedBy, positionBiased, prosaic } from './synthetic-judges.ts';

/** Readings of one judge: what it says with the candidate first, and with the other arm first. */
function readings(first: readonly (Winner | null)[], second: readonly (Winner | null)[]): Reading[] {
  return [
    ...first.map((winner, sample): Reading => ({ order: 'candidate_first', sample, winner, cached: false })),
    ...second.map((winner, sample): Reading => ({ order: 'other_first', sample, winner, cached: false })),
  ];
}

describe('the preference of a judge', () => {
  it.each<[string, (Winner | null)[], (Winner | null)[], number | null]>([
    ['both orders name the candidate', ['candidate'], ['candidate'], 1],
    ['both orders name the other arm', ['other'], ['other'], -1],
    ['both orders say tie', ['tie'], ['tie'], 0],
    ['the orders disagree', ['candidate'], ['other'], 0],
    ['one order says tie', ['candidate'], ['tie'], 0],
    ['one order cannot be read', ['candidate'], [null], null],
    ['no order can be read', [null], [null], null],
    ['the majority of repeats agrees', ['candidate', 'other', 'candidate'], ['candidate', 'candidate', 'tie'], 1],
    ['repeats have no majority', ['candidate', 'other', 'tie'], ['candidate', 'candidate', 'candidate'], 0],
    ['an unreadable repeat is left out', ['candidate', null, 'candidate'], ['candidate', null, null], 1],
  ])('when %s', (_, first, second, preference) => {
    expect(judgeOfRow('j', readings(first, second)).preference).toBe(preference);
  });
});

describe('a reply', () => {
  it.each([
    ['A', 'candidate_first', 'candidate'],
    ['B', 'candidate_first', 'other'],
    ['A', 'other_first', 'other'],
    ['B', 'other_first', 'candidate'],
    ['tie', 'other_first', 'tie'],
  ] as const)('%s with order %s means %s', (winner, order, meant) => {
    const text = JSON.stringify({ winner, reason: 'r' });
    expect(readingOf({ order, sample: 0, cached: true }, { text, refused: false })).toEqual({
      order,
      sample: 0,
      cached: true,
      winner: meant,
      reason: 'r',
    });
  });

  it('of prose is unreadable, and of a judge that declines it is a refusal', () => {
    const asked = { order: 'candidate_first', sample: 0, cached: false } as const;
    expect(readingOf(asked, { text: 'A is better', refused: false })).toMatchObject({
      winner: null,
      problem: 'unreadable',
    });
    expect(readingOf(asked, { text: '{"winner":"A","reason":""}', refused: true })).toMatchObject({
      winner: null,
      problem: 'refused',
    });
  });
});

it.each([
  ['a', 'b', 'judged'],
  ['a', 'a', 'identical'],
  ['a ', '\na', 'identical'],
  ['', '', 'identical'],
  [null, 'b', 'candidate_missing'],
  ['a', null, 'other_missing'],
  [null, null, 'both_missing'],
] as const)('answers %j and %j are settled as %s', (candidate, other, how) => {
  expect(settle(candidate, other)).toBe(how);
});

describe('a row', () => {
  it('is the mean of the judges that could be read', () => {
    const [row] = judgedBy([honest, prosaic, positionBiased], [{ candidate: 'good!', other: 'bad' }]);
    expect(row?.judges.map(({ preference }) => preference)).toEqual([1, null, 0]);
    expect(row).toMatchObject({
      preference: 0.5,
      unreadable: false,
      settled: 'judged',
      lengths: { candidate: 5, other: 3 },
    });
  });

  it('that no judge could be read on is a tie, and says so', () => {
    const [row] = judgedBy([prosaic, prosaic], [{ candidate: 'good!', other: 'bad' }]);
    expect(row).toMatchObject({ preference: 0, unreadable: true });
  });

  it('with a missing answer is lost without asking', () => {
    const rows = judgedBy(
      [honest],
      [
        { candidate: null, other: 'bad' },
        { candidate: 'good!', other: null },
        { candidate: null, other: null },
      ],
    );
    expect(rows.map(({ preference, judges }) => [preference, judges.length])).toEqual([
      [-1, 0],
      [1, 0],
      [0, 0],
    ]);
  });
});
