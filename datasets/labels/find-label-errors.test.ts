import { describe, expect, it } from 'vitest';
import { findLabelErrors, type LabelErrors } from './find-label-errors.ts';
import type { LabelledRow } from './sample-rows.ts';
import { syntheticTickets } from './synthetic-tickets.ts';

const settings = { folds: 5, max_rows: 200_000 };

async function errorsOf(
  rows: readonly LabelledRow[],
  changes: Partial<typeof settings> = {},
  seed = 7,
): Promise<LabelErrors> {
  // oxlint-disable-next-line typescript/require-await
  const read = async function* (): AsyncGenerator<LabelledRow> {
    yield* rows;
  };
  return await findLabelErrors(read, { ...settings, ...changes }, seed);
}

function foundIn(errors: LabelErrors): Extract<LabelErrors, { kind: 'looked' }>['found'] {
  return errors.kind === 'looked' ? errors.found : [];
}

describe('likely label errors', () => {
  it('are nearly all of the injected ones, ranked before what is right', async () => {
    const tickets = syntheticTickets(2000, 1);
    const wrong = new Set(tickets.filter((ticket) => ticket.wrong).map(({ id }) => id));
    const found = foundIn(await errorsOf(tickets));
    const hits = found.filter(({ id }) => wrong.has(id));
    expect(wrong.size).toBeGreaterThan(70);
    expect(hits.length / wrong.size).toBeGreaterThan(0.95);
    expect(hits.length / found.length).toBeGreaterThan(0.8);
    expect(found.slice(0, 50).every(({ id }) => wrong.has(id))).toBe(true);
  });

  it('name the row, both labels and how sure each is', async () => {
    const tickets = syntheticTickets(600, 2).map(({ id, input, origin }) => ({
      id,
      input,
      output: input.includes('card') ? 'card' : 'other',
      origin,
    }));
    const rows = [
      ...tickets,
      { id: 'odd', input: 'my card chip', output: 'other', origin: { file: 'a.csv', line: 9 } },
    ];
    const error = foundIn(await errorsOf(rows)).find(({ id }) => id === 'odd');
    expect(error).toMatchObject({ given: 'other', suggested: 'card', origin: { file: 'a.csv', line: 9 } });
    expect(error?.confidenceGiven).toBeLessThan(0.5);
    expect(error?.confidenceSuggested).toBeGreaterThan(0.5);
  });

  it('do not depend on the order of the rows', async () => {
    const tickets = syntheticTickets(500, 3);
    expect(await errorsOf(tickets.toReversed())).toEqual(await errorsOf(tickets));
  });

  it('are looked for in a sample that the seed draws', async () => {
    const tickets = syntheticTickets(1000, 4);
    const first = await errorsOf(tickets, { max_rows: 300 });
    expect(first).toMatchObject({ kind: 'looked', looked: 300 });
    expect(await errorsOf(tickets.toReversed(), { max_rows: 300 })).toEqual(first);
    expect(await errorsOf(tickets, { max_rows: 300 }, 8)).not.toEqual(first);
  });

  it('are not claimed of labels with hardly any rows', async () => {
    const rare = { id: 'rare', input: 'password reset code', output: 'rare', origin: { file: 'a.csv', line: 1 } };
    const errors = await errorsOf([...syntheticTickets(500, 5), rare]);
    expect(errors).toMatchObject({ notJudged: 1 });
    expect(foundIn(errors).some(({ given, suggested }) => given === 'rare' || suggested === 'rare')).toBe(false);
  });

  it('are not looked for without two labels, nor in texts', async () => {
    const [ticket] = syntheticTickets(1, 1);
    const texts = Array.from({ length: 1001 }, (_, row) => ({
      id: `${row}`,
      input: 'a',
      output: `${row}`,
      origin: { file: 'a', line: 1 },
    }));
    expect(await errorsOf(ticket === undefined ? [] : [ticket])).toMatchObject({ kind: 'skipped' });
    expect(await errorsOf(texts)).toEqual({ kind: 'skipped', why: 'there are more than 1000 labels' });
  });
});
