// Rows that try to reach the machinery: names that every object has, as columns, labels, groups and tags.
import { afterEach, describe, expect, it } from 'vitest';
import { csvOf, curated } from './synthetic-curation.ts';

const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];

/** What a polluted prototype would show. */
function inherited(): unknown {
  const bare: Record<string, unknown> = {};
  return [bare['polluted'], bare['isAdmin'], Object.keys(Object.prototype), typeof bare['toString'], typeof [].map];
}

const untouched = inherited();
afterEach(() => {
  expect(inherited()).toEqual(untouched);
  expect(inherited()).toEqual([undefined, undefined, [], 'function', 'function']);
});

const texts = Array.from({ length: 24 }, (_, index) => `${String.fromCharCode(97 + index).repeat(9)} ${index}`);
const outputsOf = ({ splits }: Awaited<ReturnType<typeof curated>>): string[] =>
  [...splits.train, ...splits.validation, ...splits.test].map(({ output }) => output).toSorted();

describe('prototypes are intact and rows are whole after curation of', () => {
  it('JSON whose keys reach for the prototype, at any depth', async () => {
    const evil = '"__proto__":{"polluted":1,"isAdmin":true},"constructor":{"prototype":{"polluted":1}}';
    const content = texts
      .slice(0, 7)
      .map((text) => `{${evil},"text":${JSON.stringify(text)},"label":"a","more":{${evil},"list":[{${evil}}]}}\n`)
      .join('');
    const { manifest } = await curated(content, { source: { path: 'data.jsonl' } });
    expect(manifest).toMatchObject({ read: 7, kept: 7, dropped: {} });
  });

  it('a label, a group and a tag that are such names', async () => {
    const rows = texts.map((text, index) => `${text},${names[index % 6]},${names[Math.floor(index / 4)]}`);
    const result = await curated(csvOf(rows), {
      source: {
        map: {
          input: 'text',
          output: 'label',
          group: 'topic',
          tags: Object.fromEntries([
            ['__proto__', 'label'],
            ['constructor', 'topic'],
          ]),
        },
      },
      curate: { split: { by: 'group', train: 0.6, validation: 0.2, test: 0.2 } },
      labels: names,
    });
    expect(result.manifest.labels).toEqual(names.toSorted());
    expect(new Set(outputsOf(result))).toEqual(new Set(names));
    const counted = Object.values(result.manifest.splits).flatMap(({ outputs = [] }) => outputs);
    expect(counted.reduce((sum, { rows: count }) => sum + count, 0)).toBe(24);
  });

  it('columns that are such names, which are mapped by them', async () => {
    const rows = texts.slice(0, 7).map((text) => `${text},a,b`);
    const result = await curated(csvOf(rows, '__proto__,constructor,toString'), {
      source: { map: { input: '__proto__', output: 'constructor' } },
    });
    expect(outputsOf(result)).toEqual(Array.from({ length: 7 }, () => 'a'));
    expect(result.manifest.kept).toBe(7);
  });

  it('a label set that lacks them: what objects inherit is no label', async () => {
    const rows = [
      ...texts.slice(0, 7).map((text) => `${text},a,b`),
      ...names.map((name, index) => `x${index},${name},b`),
    ];
    const { manifest } = await curated(csvOf(rows), { labels: ['a'] });
    expect(manifest.dropped).toEqual({ unknown_label: names.length });
  });

  it('rebalanced and stratified such labels', async () => {
    const rows = texts.map((text, index) => `${text},${index < 16 ? '__proto__' : 'constructor'},b`);
    const { manifest } = await curated(csvOf(rows), {
      curate: {
        balance: { method: 'undersample', ratio: 1 },
        split: { by: 'stratified', train: 0.75, test: 0.25 },
      },
    });
    const [one, other] = manifest.splits.train.outputs ?? [];
    expect(one?.rows).toBe(other?.rows);
    expect(manifest.kept + Object.values(manifest.dropped).reduce((sum, count) => sum + count, 0)).toBe(24);
  });
});
