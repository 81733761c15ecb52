import { expect, it } from 'vitest';
import { guessCounts } from './guessed-counts.ts';

const row = (
  id: string,
  characters: number,
): { id: string; promptCharacters: number; promptTurns: number; answerCharacters: number } => ({
  id,
  promptCharacters: characters,
  promptTurns: 1,
  answerCharacters: 4,
});

it('quantiles are lengths that occur, classes cover all rows, and rows that are too long are named', () => {
  // 4 characters a token, 5 tokens a turn, 2 turns; the answer is one token and its end.
  const counts = guessCounts([row('a', 4), row('b', 40), row('c', 400)], 100);
  expect(counts).toMatchObject({
    rows: 3,
    prompt: { shortest: 11, median: 20, longest: 110 },
    answer: { shortest: 2, longest: 2 },
    whole: {
      shortest: 13,
      median: 22,
      p99: 112,
      classes: [
        { up_to: 16, rows: 1 },
        { up_to: 24, rows: 1 },
        { up_to: 128, rows: 1 },
      ],
    },
    longer: { count: 1, ids: ['c'] },
  });
});

it('no rows have no figures', () => {
  expect(guessCounts([], 100)).toBeUndefined();
});
