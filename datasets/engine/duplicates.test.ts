// Exact duplicates, conflicting labels and near duplicates.
import { describe, expect, it } from 'vitest';
import { comparable } from '../comparable-text.ts';
import { csvOf, curated, randomFrom } from '../synthetic-curation.ts';
import { bandsFor } from './min-hasher.ts';
import { settleClusters, similarPairs } from './compare-rows.ts';
import { nearClusters } from './near-clusters.ts';
import { jaccard, Shingler, type ShingleSettings } from './shingler.ts';
import { tableOf } from './synthetic-table.ts';

const chars = { shingle: 'chars', size: 5 } as const;
const all = { split: { train: 0.6, test: 0.4 } } as const;

describe('exact duplicates', () => {
  it.each([
    ['Straße', 'STRASSE'],
    ['a  b\n c', ' A b C '],
    ['ﬁne', 'FINE'],
    ['１２', '12'],
    ['Ünter', 'u\u0308nter'],
  ])('takes %j and %j for the same input', (left, right) => {
    expect(comparable(left)).toBe(comparable(right));
  });

  const rows = ['Same,a', 'other,a', 'same,a', 'SAME,a', 'third,a', 'fourth,b', 'fifth,b'];

  it('keep the first row and name it', async () => {
    const { splits, dropped } = await curated(csvOf(rows, 'text,label'), { curate: all });
    const first = Object.values(splits)
      .flat()
      .find(({ input }) => input === 'Same');
    expect(first?.origin.line).toBe(2);
    expect(dropped.map(({ origin, rule, keptId }) => [origin.line, rule, keptId])).toEqual([
      [4, 'exact_duplicate', first?.id],
      [5, 'exact_duplicate', first?.id],
    ]);
  });

  const conflicting = [...rows, 'x,a', 'X,a', 'x,b', 'y,a', 'Y,b'];

  it.each([
    ['drop', []],
    ['majority', ['x a']],
    ['keep', ['x a', 'x b', 'y a', 'Y b']],
  ] as const)('with different outputs follow the recipe: %s', async (conflicts, kept) => {
    const { splits, dropped, curation } = await curated(csvOf(conflicting, 'text,label'), {
      curate: { ...all, dedupe: { conflicts, near: false } },
    });
    const found = Object.values(splits).flat();
    expect(
      found
        .filter(({ input }) => /^[xy]$/iu.test(input))
        .map(({ input, output }) => `${input} ${output}`)
        .toSorted(),
    ).toEqual([...kept].toSorted());
    expect(curation.conflictingInputs).toBe(2);
    expect(found.length + dropped.length).toBe(12);
    if (conflicts === 'drop') {
      expect(dropped.find(({ rule }) => rule === 'conflicting_label')?.detail).toBe(
        '2 different outputs for one input',
      );
    }
  });
});

function set(text: string, settings: ShingleSettings = chars): Int32Array {
  return new Shingler(settings).set(text);
}

describe('shingles', () => {
  it('of characters measure similarity as the share of common 5-grams', () => {
    expect(jaccard(set('abcdef'), set('abcdef'))).toBe(1);
    // abcde bcdef against abcde bcdex: one of three.
    expect(jaccard(set('abcdef'), set('abcdex'))).toBeCloseTo(1 / 3, 10);
    expect(jaccard(set('abc'), set('abc'))).toBe(1);
    expect(jaccard(set('abc'), set('abd'))).toBe(0);
  });

  it('of words tell words by what stands between them, and count shorter texts as one', () => {
    const words = { shingle: 'words', size: 2 } as const;
    expect(jaccard(set('one, two! three', words), set('One two three.', words))).toBe(1);
    expect(jaccard(set('one two three', words), set('one two four', words))).toBeCloseTo(1 / 3, 10);
    expect(jaccard(set('one', words), set('ONE', words))).toBe(1);
    expect(jaccard(set('größe', words), set('große', words))).toBe(0);
  });

  it('use 14 bands of 8 rows at the default threshold and more bands below it', () => {
    expect(bandsFor(0.8)).toEqual({ bands: 14, rows: 8 });
    expect(bandsFor(1)).toEqual({ bands: 14, rows: 8 });
    expect(bandsFor(0.5).bands).toBeGreaterThan(14);
    expect(bandsFor(0.8, 0.9999)).toEqual({ bands: 28, rows: 4 });
    expect(bandsFor(0.8, 0.999)).toEqual({ bands: 22, rows: 5 });
  });
});

function reworded(seed: number, texts: number): string[] {
  const random = randomFrom(seed);
  const words = Array.from({ length: 300 }, () => Math.floor(random() * 1e6).toString(36));
  const base = Array.from({ length: texts }, () =>
    Array.from({ length: 15 }, () => words[Math.floor(random() * 300)] ?? ''),
  );
  return [...new Set(base.flatMap((text) => [text.join(' '), text.with(Math.floor(random() * 15), 'zz').join(' ')]))];
}

describe('near duplicates', () => {
  it('drop a reworded copy, name the row kept, and leave different texts alone', async () => {
    const long = 'The patient was admitted with acute pain in the left knee after a fall from a ladder';
    const { splits, dropped, files } = await curated(
      csvOf([`${long},a`, `${long}.,b`, 'Something else entirely about the weather in May,a'], 'text,label'),
      { curate: { split: { train: 1, test: 1 } } },
    );
    expect(dropped).toHaveLength(1);
    const [one] = dropped;
    expect(one).toMatchObject({ rule: 'near_duplicate', similarity: expect.closeTo(80 / 81, 3) });
    expect(
      Object.values(splits)
        .flat()
        .map(({ id }) => id),
    ).toContain(one?.keptId);
    const [cluster] = files.clusters.trimEnd().split('\n');
    expect(JSON.parse(cluster ?? '')).toMatchObject({ cluster: 1, size: 2, outputs: 2 });
  });

  it('that are only reported stay, together in one split, and are listed', async () => {
    const rows = reworded(3, 60).map((text) => `${text},a`);
    const { splits, dropped, files, curation } = await curated(csvOf(rows, 'text,label'), {
      curate: { dedupe: { near: { action: 'report' } }, split: { train: 0.5, validation: 0.2, test: 0.3 } },
    });
    expect(dropped).toEqual([]);
    const splitOf = new Map(
      Object.entries(splits).flatMap(([name, some]) => some.map(({ id }) => [id, name] as const)),
    );
    const clusters = files.clusters
      .trimEnd()
      .split('\n')
      .map((line): { rows: { id: string }[] } => JSON.parse(line));
    expect(clusters.length).toBe(curation.clusters?.clusters);
    expect(clusters.length).toBeGreaterThan(20);
    for (const cluster of clusters) {
      expect(new Set(cluster.rows.map(({ id }) => splitOf.get(id))).size).toBe(1);
    }
  });

  it('that are only reported are not named as the reason when a row goes for another', async () => {
    const rows = reworded(5, 60).map((text) => `${text},a`);
    const { dropped, curation } = await curated(csvOf(rows, 'text,label'), {
      curate: { dedupe: { near: { action: 'report' } }, split: { train: 30, test: 10 } },
    });
    expect(curation.clusters?.clusters).toBeGreaterThan(20);
    expect(dropped.length).toBeGreaterThan(50);
    expect(new Set(dropped.map(({ rule }) => rule))).toEqual(new Set(['not_sampled']));
    expect(dropped.filter((row) => 'keptId' in row || 'similarity' in row)).toEqual([]);
  });

  it('never drop below the threshold, find over 90 % of what brute force finds, whatever the order', async () => {
    const texts = reworded(1, 150);
    const rows = texts.map((text) => `${text},a`);
    const options = { curate: { split: { train: 0.5, test: 0.5 } } } as const;
    const { splits, dropped } = await curated(csvOf(rows, 'text,label'), options);
    const again = await curated(csvOf(rows.toReversed(), 'text,label'), { ...options, threads: 2 });
    const keptOf = (found: typeof splits): string[] =>
      Object.values(found)
        .flat()
        .map(({ input }) => input)
        .toSorted();
    expect(keptOf(again.splits)).toEqual(keptOf(splits));

    const shingler = new Shingler(chars);
    const kept = Object.values(splits).flat();
    const setOf = new Map([...texts.entries()].map(([index, text]) => [index + 2, shingler.set(text)]));
    const byId = new Map(kept.map(({ id, origin }) => [id, setOf.get(origin.line) ?? new Int32Array()]));
    for (const { origin, keptId } of dropped) {
      expect(
        jaccard(setOf.get(origin.line) ?? new Int32Array(), byId.get(keptId ?? '') ?? new Int32Array()),
      ).toBeGreaterThanOrEqual(0.8);
    }
    const sets = [...byId.values()];
    const missed = sets.filter((one, index) => sets.slice(0, index).some((two) => jaccard(one, two) >= 0.8));
    expect(dropped.length).toBeGreaterThan(20);
    expect(missed.length).toBeLessThan(0.1 * (dropped.length + missed.length));
  });

  it('stop when asked to', async () => {
    const reason = new Error('enough');
    await expect(curated(csvOf(['a,b', 'c,d'], 'text,label'), { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });
});

describe('a bucket of very many like rows', () => {
  it('is one cluster after a comparison for each of them', async () => {
    const texts = Array.from(
      { length: 3000 },
      (_, index) => `${'the very same beginning of a letter '.repeat(6)}${index}`,
    );
    const table = await tableOf(texts.map((input) => ({ input })));
    const similarity = { ...chars, threshold: 0.8 };
    const { sets, pairsCompared, rowsCutShort } = await nearClusters(table, {
      bands: 1,
      readHashes: (_, into) => Promise.resolve(void into.fill(7)),
      verify: (pairs) => Promise.resolve(similarPairs(pairs, similarity, (row) => texts[row] ?? '')),
    });
    expect(sets.sets(() => true).map(({ length }) => length)).toEqual([3000]);
    expect([pairsCompared, rowsCutShort]).toEqual([2999, 0]);
  });

  it('keeps a row that is like a dropped one but not like the kept one', () => {
    const texts = ['abcdefghijklmnopqrst', 'cdefghijklmnopqrstuv', 'efghijklmnopqrstuvwx'];
    const task = { members: Uint32Array.of(0, 1, 2), starts: Uint32Array.of(0) };
    const { keptInstead } = settleClusters(task, { ...chars, threshold: 0.7 }, (row) => texts[row] ?? '');
    expect([...keptInstead]).toEqual([-1, 0, -1]);
  });
});
