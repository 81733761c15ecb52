// Exact and near duplicates.
import { describe, expect, it } from 'vitest';
import { comparable, inputKey } from './curated-row.ts';
import type { CuratedRow } from './curated-row.ts';
import { exactDuplicates } from './exact-duplicates.ts';
import { bandsFor } from './minhash.ts';
import { nearDuplicates } from './near-duplicates.ts';
import { jaccard, shingles } from './shingles.ts';

let line = 0;
function row(input: string, output = 'label'): CuratedRow {
  line += 1;
  return { id: `id-${line}`, input, output, origin: { file: 'data.csv', line }, key: inputKey(input) };
}

/** A small seeded generator (mulberry32), so that a failure can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('exactDuplicates', () => {
  it.each([
    ['Straße', 'STRASSE'],
    ['a  b\n c', ' A b C '],
    ['ﬁne', 'FINE'],
    ['１２', '12'],
    ['Ünter', 'u\u0308nter'],
  ])('takes %j and %j for the same input', (left, right) => {
    expect(comparable(left)).toBe(comparable(right));
  });

  it('keeps the first row and names it', () => {
    const rows = [row('Same'), row('other'), row('same'), row('SAME')];
    const { kept, dropped } = exactDuplicates(rows);
    expect(kept).toEqual([rows[0], rows[1]]);
    expect(dropped).toEqual([
      { row: rows[2], rule: 'exact_duplicate', keptId: rows[0]?.id },
      { row: rows[3], rule: 'exact_duplicate', keptId: rows[0]?.id },
    ]);
  });

  it('drops all rows of an input with different outputs', () => {
    const rows = [row('x', 'a'), row('X', 'a'), row('y', 'a'), row('x', 'b')];
    const { kept, dropped } = exactDuplicates(rows);
    expect(kept).toEqual([rows[2]]);
    expect(dropped.map(({ rule }) => rule)).toEqual(['conflicting_label', 'conflicting_label', 'conflicting_label']);
    expect(dropped[0]?.detail).toBe('2 different outputs for one input');
  });
});

describe('shingles', () => {
  it('measure similarity as the share of common 5-grams', () => {
    expect(jaccard(shingles('abcdef'), shingles('abcdef'))).toBe(1);
    // abcde bcdef against abcde bcdex: one of three.
    expect(jaccard(shingles('abcdef'), shingles('abcdex'))).toBeCloseTo(1 / 3, 10);
    expect(jaccard(shingles('abc'), shingles('abc'))).toBe(1);
    expect(jaccard(shingles('abc'), shingles('abd'))).toBe(0);
  });
});

describe('nearDuplicates', () => {
  it('uses 14 bands of 8 rows at the default threshold and more bands below it', () => {
    expect(bandsFor(0.8)).toEqual({ bands: 14, rows: 8 });
    expect(bandsFor(1)).toEqual({ bands: 14, rows: 8 });
    expect(bandsFor(0.5).bands).toBeGreaterThan(14);
  });

  it('drops a reworded copy, names the row kept, and leaves different texts alone', async () => {
    const long = 'The patient was admitted with acute pain in the left knee after a fall from a ladder';
    const rows = [row(long), row(`${long}.`), row('Something else entirely, about the weather in May')];
    const { kept, dropped } = await nearDuplicates(rows, 0.8);
    expect(kept).toHaveLength(2);
    expect(dropped).toHaveLength(1);
    expect(rows.slice(0, 2).map(({ id }) => id)).toContain(dropped[0]?.keptId);
  });

  it('never drops below the threshold, finds over 90 % of what brute force finds, whatever the order', async () => {
    const random = randomFrom(1);
    const words = Array.from({ length: 300 }, () => Math.floor(random() * 1e6).toString(36));
    const base = Array.from({ length: 150 }, () =>
      Array.from({ length: 15 }, () => words[Math.floor(random() * 300)] ?? ''),
    );
    const texts = base.flatMap((text) => [text.join(' '), text.with(Math.floor(random() * 15), 'zz').join(' ')]);
    const rows = [...new Set(texts)].map((text) => row(text));
    const { kept, dropped } = await nearDuplicates(rows, 0.8);
    const again = await nearDuplicates(rows.toReversed(), 0.8);
    expect(new Set(again.kept)).toEqual(new Set(kept));

    const byId = new Map(rows.map((one) => [one.id, shingles(one.input)]));
    const similarity = (left: string, right: string): number =>
      jaccard(byId.get(left) ?? new Uint32Array(), byId.get(right) ?? new Uint32Array());
    expect(dropped.every((one) => similarity(one.row.id, one.keptId ?? '') >= 0.8)).toBe(true);
    const missed = kept.filter((one) => kept.some((two) => two.id < one.id && similarity(one.id, two.id) >= 0.8));
    expect(dropped.length).toBeGreaterThan(20);
    expect(missed.length).toBeLessThan(0.1 * (dropped.length + missed.length));
  });

  it('stops when asked to', async () => {
    await expect(nearDuplicates([row('a')], 0.8, AbortSignal.abort())).rejects.toThrow();
  });
});
