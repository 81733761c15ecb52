import { describe, expect, it } from 'vitest';
import { buildReferences } from './build-references.ts';
import { createContaminationCheck, type ContaminationCheck } from './contamination-check.ts';

async function checkOf(texts: readonly string[], settings = { ngram: 8, near: 0.8 }): Promise<ContaminationCheck> {
  const references = texts.map((text, row) => ({ text, where: `suite#${row}` }));
  // What a worker thread gets.
  return createContaminationCheck(structuredClone(await buildReferences(references, settings)));
}

function holds(row: string, run: readonly string[]): boolean {
  return ` ${row} `.includes(` ${run.join(' ')} `);
}

const contract =
  'the tenant shall pay the rent on the first day of each month and keep the rooms in the state they were found in';

describe('contamination', () => {
  it('is found where a row equals a reference, whatever its case, width and white space', async () => {
    const check = await checkOf(['How do I  locate my card?', 'ＹＥＳ']);
    expect(check('how do i locate MY card?')).toEqual({ how: 'exact', reference: 'suite#0' });
    expect(check('yes')).toEqual({ how: 'exact', reference: 'suite#1' });
  });

  it('is found where words in a row are the same, with as many as both go on together', async () => {
    const check = await checkOf(['something else entirely, which is long enough for eight words', contract]);
    const row = `In our case, “the rent -- on the first day of each month” and keep the ROOMS tidy ${'and more '.repeat(40)}`;
    expect(check(row)).toEqual({
      how: 'ngram',
      reference: 'suite#1',
      span: 'the rent -- on the first day of each month” and keep the rooms',
    });
    expect(check(`the rent on the first day of every month ${'and more '.repeat(40)}`)).toBeUndefined();
  });

  it('is found where a row holds a whole reference that is shorter than n words', async () => {
    const check = await checkOf(['Where is my card?', 'where is my card now please', 'is my card']);
    expect(check(`hello, ${'well '.repeat(30)} where is my card`)).toEqual({
      how: 'ngram',
      reference: 'suite#0',
      span: 'where is my card',
    });
    expect(check(`hello, ${'well '.repeat(30)} where’s my card`)).toBeUndefined();
    expect(check(`${'well '.repeat(30)} where is my card now please`)?.reference).toBe('suite#1');
  });

  it('of references of up to three words is only what equals them', async () => {
    const check = await checkOf(['yes', 'thank you!', 'is it new']);
    for (const row of ['yes please', 'thank you!!', 'thank you', 'is it new or old', 'yes yes yes yes']) {
      expect(check(row)).toBeUndefined();
    }
    expect(check('Thank you!')?.how).toBe('exact');
  });

  it('is found where a row is similar, with the true similarity', async () => {
    const check = await checkOf(['a different sentence', contract], { ngram: 50, near: 0.7 });
    const found = check(contract.replace('rooms', 'flats'));
    expect(found).toMatchObject({ how: 'near', reference: 'suite#1' });
    // Of the 109 distinct character 5-grams in both together they share 95.
    expect(found?.similarity).toBeCloseTo(95 / 109, 12);
    expect(check('an entirely different sentence about the weather of last week')).toBeUndefined();
  });

  it('tells formulas apart that differ in their signs only', async () => {
    const check = await checkOf(['what is 12+34 today']);
    expect(check(`${'well '.repeat(30)} what is 12+34 today`)?.how).toBe('ngram');
    expect(check(`${'well '.repeat(30)} what is 12-34 today`)).toBeUndefined();
    expect(check(`${'well '.repeat(30)} what is 12/34 today`)).toBeUndefined();
  });

  it('is reported by the first of equal references', async () => {
    const copies = Array.from({ length: 500 }, () => contract);
    const check = await checkOf(['a b c d e f g h', ...copies]);
    expect(check(contract)?.reference).toBe('suite#1');
    expect(check(`so ${contract} it is`)?.reference).toBe('suite#1');
  });

  it('is found by whoever searches all pairs, on random texts of few words', async () => {
    let state = 1;
    const next = (bound: number): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state % bound;
    };
    const text = (most: number): string[] => Array.from({ length: 1 + next(most) }, () => 'abcd'[next(4)] ?? '');
    const references = Array.from({ length: 60 }, () => text(12));
    const check = await checkOf(
      references.map((words) => words.join(' ')),
      { ngram: 7, near: 1 },
    );
    let found = 0;
    for (let round = 0; round < 500; round += 1) {
      const row = text(30).join(' ');
      const expected = references.some((words) =>
        words.length < 4
          ? words.join(' ') === row
          : words.length < 7
            ? holds(row, words)
            : words.slice(6).some((_, first) => holds(row, words.slice(first, first + 7))),
      );
      expect([row, check(row) !== undefined]).toEqual([row, expected]);
      found += expected ? 1 : 0;
    }
    expect(found).toBeGreaterThan(100);
    expect(found).toBeLessThan(450);
  });

  it('is not claimed by an empty index, nor of texts without words', async () => {
    const check = await checkOf([]);
    expect(check(contract)).toBeUndefined();
    const symbols = await checkOf(['???', '😀😀😀😀😀', ' ']);
    expect(symbols('!!!')).toBeUndefined();
    expect(symbols('')).toBeUndefined();
    expect(symbols('???')?.how).toBe('exact');
  });
});
