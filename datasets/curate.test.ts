// Curation as a whole: nothing is lost, nothing is random, and every refusal says why.
import { describe, expect, it } from 'vitest';
import { datasetRowSchema, droppedRowSchema } from '../domain/dataset.ts';
import { datasetCard } from './card/card.ts';
import { csvOf, curated, type SyntheticCuration } from './synthetic-curation.ts';

const columns = { input: 'text', output: 'label', group: 'topic' };
const topics = { source: { map: columns } };
const sizes = { train: 4, validation: 1, test: 2 };

const lines = Array.from(
  { length: 12 },
  (_, index) => `${String.fromCharCode(97 + index).repeat(8)} ${index},label ${index % 3},topic ${index % 6}`,
);

function inputsOf({ splits }: SyntheticCuration): string[][] {
  return [splits.train, splits.validation, splits.test].map((rows) => rows.map((row) => row.input));
}

function parsedLines(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

describe('curate', () => {
  it('lists every dropped row with its rule: kept + dropped = read', async () => {
    const bad = [
      ',label,topic 1',
      'text,,topic 1',
      'text b,label,',
      `${'x'.repeat(101)},label,topic 1`,
      'a\u0007b,label,topic 1',
    ];
    const twins = [lines[0]?.toUpperCase().replace('LABEL', 'label') ?? '', 'conflict,a,topic 1', 'conflict,b,topic 1'];
    const near = [
      'the same long sentence about one thing,a,topic 1',
      'the same long sentence about one thing.,a,topic 1',
    ];
    const result = await curated(csvOf([...lines, ...bad, ...twins, ...near]), {
      ...topics,
      curate: { max_input_chars: 100, split: { ...sizes, by: 'group' } },
    });
    expect(result.manifest.dropped).toEqual({
      conflicting_label: 2,
      empty_group: 1,
      empty_input: 1,
      empty_output: 1,
      exact_duplicate: 1,
      input_too_long: 1,
      invalid_text: 1,
      near_duplicate: 1,
      not_sampled: 13 - 7,
    });
    const kept = Object.values(result.splits).reduce((sum, rows) => sum + rows.length, 0);
    expect(kept + result.dropped.length).toBe(result.manifest.read);
    expect(result.dropped.map((row) => row.origin.line)).toEqual(
      result.dropped.map((row) => row.origin.line).toSorted((a, b) => a - b),
    );
    expect(result.dropped[1]?.origin).toEqual({ file: 'data.csv', line: expect.any(Number) });
  });

  it('gives the same bytes and the same version for the same input, in this thread and in others', async () => {
    const first = await curated(csvOf(lines));
    const second = await curated(csvOf(lines), { threads: 2 });
    expect(second.files).toEqual(first.files);
    expect(second.manifest).toEqual(first.manifest);
    expect(datasetCard(second.manifest)).toBe(datasetCard(first.manifest));
  });

  it('gives another version for another seed', async () => {
    const versions = [];
    for (const seed of [1, 2]) {
      versions.push((await curated(csvOf(lines), { curate: { split: { ...sizes, seed } } })).manifest.version);
    }
    expect(versions[0]).not.toBe(versions[1]);
  });

  it('puts the same rows into the same splits whatever their order in the file', async () => {
    const rows = [
      ...lines,
      ...lines.slice(0, 4),
      'the same long sentence about one thing,a,topic 1',
      'the same long sentence about one thing.,a,topic 1',
    ];
    for (const by of ['random', 'group', 'stratified'] as const) {
      const options = { ...topics, curate: { split: { ...sizes, by } } };
      expect(inputsOf(await curated(csvOf(rows.toReversed()), options))).toEqual(
        inputsOf(await curated(csvOf(rows), options)),
      );
    }
  });

  it('writes canonical JSONL that fits the schemas', async () => {
    const result = await curated(csvOf([...lines, ...lines]));
    expect(parsedLines(result.files.test).map((row) => datasetRowSchema.parse(row))).toEqual(result.splits.test);
    expect(parsedLines(result.files.dropped).map((row) => droppedRowSchema.parse(row))).toEqual(result.dropped);
    expect(result.manifest).toMatchObject({
      read: 24,
      kept: 7,
      dropped: { exact_duplicate: 12, not_sampled: 5 },
      labels: ['label 0', 'label 1', 'label 2'],
      splits: { train: { rows: 4 }, validation: { rows: 1 }, test: { rows: 2 } },
    });
  });

  it('keeps ids unique when duplicates stay', async () => {
    const result = await curated(csvOf([...lines, ...lines]), {
      curate: { dedupe: { exact: false, near: false }, split: { train: 12, test: 8, validation: 2 } },
    });
    const ids = Object.values(result.splits).flatMap((rows) => rows.map((row) => row.id));
    expect(new Set(ids).size).toBe(22);
    expect(result.dropped.map((row) => row.rule)).toEqual(['not_sampled', 'not_sampled']);
  });

  it('says how many rows there are when the split asks for more, and why', async () => {
    await expect(curated(csvOf([...lines.slice(0, 5), ...lines.slice(0, 3)]))).rejects.toMatchObject({
      name: 'ContenderBadInput',
      where: 'data.csv',
      message: 'the split asks for 7 rows (train 4, validation 1, test 2), and 5 of the 8 rows read are usable',
      hint: expect.stringContaining('Dropped: exact_duplicate 3.'),
    });
  });

  it('refuses to split by a group that no column gives', async () => {
    await expect(curated(csvOf(lines), { curate: { split: { ...sizes, by: 'group' } } })).rejects.toThrow(
      'maps no group',
    );
  });

  it('refuses a file whose format cannot be told', async () => {
    await expect(curated(csvOf(lines), { source: { path: 'data.unknown' } })).rejects.toMatchObject({
      where: 'data.unknown',
    });
  });

  it('reads JSONL and lists malformed rows', async () => {
    const rows = lines.map((line) => {
      const [text, label, topic] = line.split(',');
      return JSON.stringify({ text, label, topic });
    });
    const result = await curated([...rows, '{"text":{},"label":"x","topic":"y"}'].join('\n'), {
      source: { path: 'data.jsonl' },
    });
    expect(result.dropped.find((row) => row.rule === 'malformed_record')).toEqual({
      origin: { file: 'data.jsonl', line: 13 },
      rule: 'malformed_record',
      detail: 'the value of "text" is an object',
    });
  });
});

const ids = (result: SyntheticCuration): string[] => result.splits.train.map(({ id }) => id);

describe('columns of tags', () => {
  const tagged = `text,label,topic,source,tone\n${lines.map((line, index) => `${line}, s${index % 2} ,${index === 3 ? '' : 'calm'}`).join('\n')}\n`;

  it('reach the rows, trimmed and without those that are empty, and change no id and no split', async () => {
    const plain = await curated(tagged, { source: { map: columns } });
    const result = await curated(tagged, {
      source: { map: { ...columns, tags: { from: 'source', tone: 'tone' } } },
    });
    const rows = Object.values(result.splits).flat();
    expect(rows.every(({ tags }) => /^s[01]$/u.test(tags?.['from'] ?? ''))).toBe(true);
    expect(rows.filter(({ tags }) => tags?.['tone'] === undefined).length).toBeLessThanOrEqual(1);
    expect(rows.map(({ id }) => id)).toEqual(Object.values(plain.splits).flatMap((split) => split.map(({ id }) => id)));
    expect(
      Object.values(plain.splits)
        .flat()
        .every((row) => !('tags' in row)),
    ).toBe(true);
    expect(parsedLines(result.files.test).map((row) => datasetRowSchema.parse(row))).toEqual(result.splits.test);
  });

  it('are refused with control characters, like other texts', async () => {
    const broken = tagged.replace(' s0 ', ' s\u0007 ');
    const result = await curated(broken, { source: { map: { ...columns, tags: { from: 'source' } } } });
    expect(result.dropped.find(({ rule }) => rule === 'invalid_text')?.detail).toBe(
      'tag from holds the control character U+0007',
    );
  });
});

describe('a column of rejected answers', () => {
  const pairs = `text,label,worse\n${lines.map((line, index) => `${line.split(',').slice(0, 2).join(',')},worse ${index}`).join('\n')}\n`;
  const map = { input: 'text', output: 'label' };

  it('gives every row its rejected answer, wherever the column stands, and with a group beside it', async () => {
    const reordered = `worse,topic,label,text\n${lines.map((line, index) => `worse ${index},${line.split(',').toReversed().join(',')}`).join('\n')}\n`;
    const result = await curated(reordered, { source: { map: { ...map, rejected: 'worse', group: 'topic' } } });
    expect(result.splits.train).toHaveLength(4);
    for (const row of result.splits.train) {
      const [text = '', label, topic] = lines.find((line) => line.startsWith(`${row.input},`))?.split(',') ?? [];
      expect(row).toMatchObject({
        output: label,
        group: topic,
        rejected: `worse ${lines.findIndex((line) => line.startsWith(`${text},`))}`,
      });
    }
  });

  it('is part of the row id, and of nothing when it is not mapped', async () => {
    const withPairs = await curated(pairs, { source: { map: { ...map, rejected: 'worse' } } });
    const without = await curated(pairs, { source: { map } });
    expect(ids(without)).toEqual(ids(await curated(csvOf(lines), { source: { map } })));
    expect(ids(withPairs)).not.toEqual(ids(without));
    expect(without.splits.train[0]).not.toHaveProperty('rejected');
  });

  it('drops rows whose rejected answer is empty or the answer itself, and says which', async () => {
    const more = `${pairs}one more,label 1,\ntwo more,label 2,label 2\n`;
    const result = await curated(more, { source: { map: { ...map, rejected: 'worse' } } });
    expect(result.manifest.dropped).toMatchObject({ empty_rejected: 1, rejected_equals_output: 1 });
  });
});

describe('the dataset card', () => {
  it('shows counts, rules and label balance, and no row text', async () => {
    const result = await curated(csvOf([...lines, ...lines.slice(0, 2)]));
    const card = datasetCard(result.manifest);
    expect(card).toContain('14 rows read, 7 kept, 7 dropped.');
    expect(card).toContain(String.raw`| exact\_duplicate | 2 |`);
    expect(card).toMatch(/\| label 0 \| \d \(\d+\.\d %\)/u);
    expect(card).not.toContain('aaaaaaaa');
  });
});
