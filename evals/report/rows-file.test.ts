import { beforeAll, describe, expect, test } from 'vitest';
import type { RowResult } from '../../domain/scorecard.ts';
import type { SuiteRow } from '../../domain/suite.ts';
import { syntheticResult } from '../synthetic.ts';
import { collectAnswers } from './answers.ts';
import { chooseRows, differ } from './choose-rows.ts';
import type { RowsData } from './page/rows-data.ts';
import { decodeRows, states } from './page/rows-data.ts';
import { buildHaystack, findTexts } from './page/search-texts.ts';
import type { Show } from './page/select-rows.ts';
import { countRows, selectRows } from './page/select-rows.ts';
import { encodeRows, stateOf } from './rows-file.ts';
import { hostileTexts } from './synthetic-report.ts';

/** Right or wrong of candidate and other, by row. */
const outcomes = [
  [true, true],
  [true, false],
  [false, true],
  [false, false],
] as const;

const inputs = ['\uFEFFfirst STRASSE', ...hostileTexts, 'lone \uD800 surrogate', 'Ending'];

function rowIdsOf(results: readonly RowResult[]): string[] {
  return results.map(({ rowId }) => rowId);
}

async function answersOf(side: 0 | 1, change: (row: number) => Partial<RowResult> = () => ({})) {
  const results = inputs.map((_, row) =>
    syntheticResult(row, outcomes[row % 4]?.[side] ?? false, {
      slices: { half: row < 7 ? 'one' : 'two' },
      ...change(row),
    }),
  );
  return await collectAnswers(results, rowIdsOf(results), 'exact_match');
}

const rows = inputs.map((input, row): SuiteRow => ({ id: `row-${row}`, input, output: `label ${row % 5}` }));

async function inflated(base64: string): Promise<Uint8Array> {
  const stream = new Blob([Buffer.from(base64, 'base64')]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const about = {
  metric: 'exact match',
  binary: true,
  opponent: 1,
  arms: [
    { label: 'ours', name: 'candidate' },
    { label: 'theirs', name: 'theirs' },
  ],
};

let data: RowsData;
const candidateTroubles: Readonly<Record<number, Partial<RowResult>>> = {
  3: { answer: 'nonsense', parsed: null },
  7: { answer: null, parsed: null, error: 'timed out' },
  11: { answer: 'I cannot help', parsed: null, refused: true },
};

beforeAll(async () => {
  const arms = [await answersOf(0, (row) => candidateTroubles[row] ?? {}), await answersOf(1)];
  const chosen = Uint32Array.from(rows, (_, row) => row);
  const { header, base64 } = await encodeRows({
    about,
    rows,
    arms: arms.map((answers) => ({ answers, preferences: null })),
    chosen,
  });
  data = decodeRows(structuredClone(header), await inflated(base64));
});

describe('the rows in the file', () => {
  test('come back as they were, whatever the text', () => {
    const texts = [...(data.column('input') ?? [])].map((reference) => data.text(reference));
    const long = 'long '.repeat(3000);
    expect(texts).toEqual(inputs.map((text) => text.toWellFormed()));
    expect(texts).toContain(long);
  });

  test('tell what became of each answer', () => {
    const told = [...(data.column('state0') ?? [])];
    expect(told.slice(0, 4)).toEqual([states.right, states.right, states.wrong, states.unreadable]);
    expect([told[7], told[11]]).toEqual([states.missing, states.refused]);
    expect(data.text(data.column('error0')?.[7] ?? 0)).toBe('timed out');
  });

  test('keep a text that comes again once', async () => {
    expect(data.texts).toBeLessThan(1 + 2 * rows.length + 5 + 5);
  });

  test('cannot be read when bytes are missing', () => {
    expect(() => decodeRows(data.header, new Uint8Array(20))).toThrow('the rows end within');
  });
});

function found(show: Show, phrase = '', slice: number | null = null): number[] {
  return [...selectRows(data, () => buildHaystack(data), { show, phrase, slices: [slice] })];
}

describe('a choice of rows', () => {
  test.each<[Show, number[]]>([
    [{ what: 'won', arm: 1 }, [1, 5, 9, 13]],
    [{ what: 'lost', arm: 1 }, [2, 6, 10]],
    [{ what: 'differ' }, [1, 2, 5, 6, 9, 10, 13]],
    [{ what: 'unreadable', arm: null }, [3]],
    [{ what: 'missing', arm: 0 }, [7, 11]],
    [{ what: 'missing', arm: 1 }, []],
  ])('%j holds the rows that it says', (show, expected) => {
    expect(found(show)).toEqual(expected);
    expect(countRows(data, show)).toBe(expected.length);
  });

  test('is narrowed by a slice and by a phrase together', () => {
    expect(found({ what: 'all' }, '', 1)).toEqual([7, 8, 9, 10, 11, 12, 13]);
    expect(found({ what: 'wrong', arm: 0 }, 'NONSENSE')).toEqual([3]);
    expect(found({ what: 'all' }, 'nonsense', 1)).toEqual([]);
  });

  test('finds texts without regard to case, in inputs, answers and ids', () => {
    expect(found({ what: 'all' }, 'strasse')).toEqual([0]);
    expect(found({ what: 'all' }, 'ROW-12')).toEqual([12]);
    expect(found({ what: 'all' }, 'ending')).toEqual([13]);
  });
});

describe('the search in all texts', () => {
  const texts = ['', 'alpha', 'beta alpha', 'gamma', 'x\u0000y', 'alphabet'];
  const haystack = buildHaystack({ texts: texts.length, text: (reference) => texts[reference] ?? '' });

  test('marks every text that holds the phrase, and none by what follows it', () => {
    expect([...findTexts(haystack, 'Alpha')]).toEqual([0, 1, 1, 0, 0, 1]);
    expect([...findTexts(haystack, 'gammax')]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...findTexts(haystack, 'a\u0000b')]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...findTexts(haystack, 'x\u0000y')]).toEqual([0, 0, 0, 0, 1, 0]);
  });
});

describe('more rows than the file may hold', () => {
  test('leave out rows on which arms agree before those on which they differ', async () => {
    const arms = [await answersOf(0), await answersOf(1)];
    const choice = chooseRows(arms, inputs, { rows: 9, characters: Number.POSITIVE_INFINITY });
    expect([...choice.rows]).toEqual([0, 1, 2, 3, 5, 6, 9, 10, 13]);
    expect(choice).toMatchObject({ differing: 7, differingHere: 7 });
  });

  test('end where the texts become too long', async () => {
    const arms = [await answersOf(0), await answersOf(1)];
    const choice = chooseRows(arms, inputs, { rows: 100, characters: 400 });
    expect(choice.rows.length).toBeLessThan(7);
    expect(choice.differingHere).toBe(choice.rows.length);
  });
});

describe('answers in columns', () => {
  const results = [syntheticResult(0, true), syntheticResult(1, false, { scores: { rouge_l: 0.25 } })];

  test('stand at their rows, and rows that were not asked say so', async () => {
    const answers = await collectAnswers(results.toReversed(), ['row-00000', 'other', 'row-00001'], 'exact_match');
    expect([...answers.asked]).toEqual([1, 0, 1]);
    expect([...answers.score]).toEqual([1, Number.NaN, 0]);
    expect(stateOf(answers, 1)).toBe(states.unasked);
    expect(differ([answers, answers], 1)).toBe(false);
  });

  test('of rows that are not in the suite or come twice are refused', async () => {
    await expect(collectAnswers(results, ['row-00000'], 'exact_match')).rejects.toThrow(
      'row-00001 is not in the suite',
    );
    const twice = [...results, syntheticResult(1, true)];
    await expect(collectAnswers(twice, rowIdsOf(results), 'exact_match')).rejects.toThrow(
      'row-00001 was answered twice',
    );
  });

  test('carry the score of the metric that is shown', async () => {
    const answers = await collectAnswers(results, rowIdsOf(results), 'rouge_l');
    expect([...answers.score]).toEqual([1, 0.25]);
  });
});
