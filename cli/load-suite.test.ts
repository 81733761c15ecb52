import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BadInput } from '../domain/bad-input.ts';
import { canonicalJson } from '../domain/canonical.ts';
import type { DatasetManifest } from '../domain/dataset.ts';
import { storedSuiteSchema, suiteRowSchema } from '../domain/suite.ts';
import { suiteDigest } from '../evals/suite.ts';
import { getBlob, putBlob } from '../registry/blobs.ts';
import { memoryStore } from '../registry/memory-store.ts';
import { loadSuite, storeSuite } from './load-suite.ts';

const folder = await mkdtemp(join(tmpdir(), 'contender-suite-'));
afterAll(async () => rm(folder, { recursive: true, force: true }));
const file = join(folder, 'suite.yaml');

const good = `name: colours
task: classification
rows:
  path: rows.csv
  map: { id: id, input: text, output: label, group: page, tags: { tone: tone } }
labels: [blue, green]
slices: [label, tone]
critical_slices:
  - { slice: tone, value: light }
`;
const csv = 'id,text,label,page,tone\nr1,sky,blue,1,light\nr2,grass,green,1,\nr3,sea,blue,2,dark\n';

async function load(yaml: string, rows = csv, name = 'rows.csv') {
  await writeFile(file, yaml);
  await writeFile(join(folder, name), rows);
  return await loadSuite(file, memoryStore());
}

async function problemOf(yaml: string, rows = csv, name = 'rows.csv'): Promise<string> {
  const error: unknown = await load(yaml, rows, name).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof BadInput)) {
    throw new Error(`expected BadInput, got ${String(error)}`);
  }
  return `${error.where ?? ''}: ${error.message}`.replaceAll(`${folder}/`, '').replace(/^: /u, '');
}

describe('a suite file', () => {
  it('is loaded with its rows, defaults, tags and digest', async () => {
    const { suite, file: settings } = await load(good);
    expect(suite.rows).toEqual([
      {
        id: 'r1',
        input: 'sky',
        output: 'blue',
        group: '1',
        tags: { tone: 'light' },
        origin: { file: 'rows.csv', line: 2 },
      },
      { id: 'r2', input: 'grass', output: 'green', group: '1', origin: { file: 'rows.csv', line: 3 } },
      {
        id: 'r3',
        input: 'sea',
        output: 'blue',
        group: '2',
        tags: { tone: 'dark' },
        origin: { file: 'rows.csv', line: 4 },
      },
    ]);
    expect(suite).toMatchObject({ labels: ['blue', 'green'], scorers: ['exact_match', 'macro_f1'], repeats: 1 });
    expect(settings.critical_slices).toEqual([{ slice: 'tone', value: 'light' }]);
    expect(suite.sha256).toBe(suiteDigest(suite));
  });

  it('takes labels from the rows, and ids from their content, when it names none', async () => {
    const yaml = good.replace('id: id, ', '').replace('labels: [blue, green]\n', '');
    const [first, again] = [await load(yaml), await load(yaml)];
    expect(first.suite.labels).toEqual(['blue', 'green']);
    expect(first.suite.rows.map(({ id }) => id)).toEqual(again.suite.rows.map(({ id }) => id));
    expect(new Set(first.suite.rows.map(({ id }) => id)).size).toBe(3);
  });

  it('shuffles by its seed, then takes as many rows as it limits', async () => {
    const order = async (rows: string) =>
      (await load(good.replace('path: rows.csv', `path: rows.csv\n  ${rows}`))).suite.rows.map(({ id }) => id);
    const [once, twice, other] = [
      await order('shuffle: true\n  seed: 1'),
      await order('shuffle: true\n  seed: 1'),
      await order('shuffle: true\n  seed: 3'),
    ];
    expect(once).toEqual(twice);
    expect(once).not.toEqual(other);
    const all = good.replace('critical_slices:\n  - { slice: tone, value: light }\n', '').replace(', tone]', ']');
    expect((await load(all.replace('path: rows.csv', 'path: rows.csv\n  limit: 2'))).suite.rows).toHaveLength(2);
  });

  it('takes objects and arrays of JSONL as expected answers', async () => {
    const yaml = 'name: x\ntask: extraction\nrows: { path: r.jsonl, map: { input: text, output: fields } }\n';
    const { suite } = await load(yaml, '{"text":"ACME","fields":{"vendor":"ACME"}}\n', 'r.jsonl');
    expect(suite.rows[0]?.output).toBe('{"vendor":"ACME"}');
    expect(suite.scorers).toContain('field_f1');
  });

  it('has a judge when judge_preference is among its scorers, and then only', async () => {
    const rows = '{"text":"sky","answer":"blue"}\n';
    const yaml = 'name: x\ntask: generation\nrows: { path: r.jsonl, map: { input: text, output: answer } }\n';
    const judge = 'judge: { panel: [{ provider: mistral, model: m }], criteria: Right. }\n';
    const scored = 'scorers: [judge_preference]\n';
    const { file: settings } = await load(`${yaml}${scored}${judge}`, rows, 'r.jsonl');
    expect(settings.judge).toMatchObject({ criteria: 'Right.', samples: 1, same_family: 'refuse' });
    expect(await problemOf(`${yaml}${scored}`, rows, 'r.jsonl')).toContain(
      'judge: is needed, because judge_preference',
    );
    expect(await problemOf(`${yaml}${judge}`, rows, 'r.jsonl')).toContain('judge: is asked for nothing');
  });

  it('may take its rows from a dataset version in the store', async () => {
    const store = memoryStore();
    const rows = [
      { id: 'a', input: 'sky', output: 'blue', tags: { tone: 'light' }, origin: { file: 'f.csv', line: 2 } },
    ];
    const stored = await putBlob(store, rows.map((row) => `${canonicalJson(row)}\n`).join(''));
    const split = { rows: 1, groups: 0, file: stored };
    const manifest: DatasetManifest = {
      name: 'colours',
      version: '0123456789abcdef',
      sources: [],
      settings: {},
      read: 1,
      kept: 1,
      dropped: {},
      labels: ['blue'],
      splits: { train: split, validation: split, test: split },
      droppedRows: stored,
    };
    await store.put('datasets/colours/0123456789abcdef/manifest.json', canonicalJson(manifest));
    const yaml =
      'name: x\ntask: classification\nrows: { dataset: colours@0123456789abcdef, split: test }\nslices: [tone]\n';
    await writeFile(file, yaml);
    expect((await loadSuite(file, store)).suite.rows).toEqual(rows);
    await expect(loadSuite(file, memoryStore())).rejects.toThrow('there is no dataset colours@0123456789abcdef');
  });

  it('is stored as a record and JSON lines, the same each time', async () => {
    const store = memoryStore();
    const loaded = await load(good);
    const ref = await storeSuite(store, loaded);
    expect(await storeSuite(store, loaded)).toEqual(ref);
    const record = storedSuiteSchema.parse(JSON.parse(new TextDecoder().decode(await getBlob(store, ref))));
    expect(record).toMatchObject({ name: 'colours', n: 3, critical_slices: [{ slice: 'tone', value: 'light' }] });
    const lines = new TextDecoder()
      .decode(await getBlob(store, record.rows))
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => suiteRowSchema.parse(JSON.parse(line)))).toEqual(loaded.suite.rows);
  });
});

describe('a problem of the file is reported with line, column and field', () => {
  it.each([
    ['an unknown key', good.replace('slices:', 'slises:'), 'suite.yaml:7:1: slises: unknown key; did you mean slices?'],
    [
      'an unknown key deep down',
      good.replace('group: page', 'grup: page'),
      'suite.yaml:5:46: rows.map.grup: unknown key; did you mean group?',
    ],
    [
      'rows from nowhere',
      'name: x\ntask: generation\nrows: { limit: 1 }\n',
      'suite.yaml:3:7: rows.path: either `path` or `dataset` says where the rows are',
    ],
    [
      'a metric of another task',
      `${good}scorers: [rouge_l]\n`,
      'suite.yaml:10:11: scorers.0: rouge_l is no metric of classification; usual ones are exact_match, macro_f1',
    ],
    [
      'a slice without a tag',
      good.replace('[label, tone]', '[label, tint]'),
      'suite.yaml:7:17: slices.1: there is no such tag; known are label, group, tone',
    ],
    ['a missing file', good.replace('rows.csv', 'none.csv'), 'suite.yaml: rows.path: there is no file none.csv'],
    [
      'a slice without rows',
      good.replace('value: light', 'value: pale'),
      'suite.yaml: no row is in the slice tone = pale',
    ],
    [
      'an example that is a row',
      `${good}shots: [{ input: sea, output: blue }]\n`,
      'suite.yaml: shots.0: the example is among the rows, so its answer would be given away',
    ],
  ])('%s', async (_, yaml, expected) => {
    expect(await problemOf(yaml)).toBe(expected);
  });
});

describe('a problem of a row is reported with file and line', () => {
  it.each([
    ['a row id that comes twice', csv.replace('r3', 'r1'), 'rows.csv:4: the row id r1 is also that of line 2'],
    ['an empty expected answer', csv.replace('green', ' '), 'rows.csv:3: the expected answer is empty'],
    ['an empty input', csv.replace('grass', ''), 'rows.csv:3: the input is empty'],
    [
      'a label outside the label set',
      csv.replace('green', 'grey'),
      'rows.csv:3: the expected label is not in the label set',
    ],
    ['a missing column', csv.replace('label', 'labels'), 'rows.csv:1: there is no column "label"'],
    ['a control character', csv.replace('sea', 's\u0007a'), 'rows.csv:4: input holds the control character U+0007'],
    ['no rows', 'id,text,label,page,tone\n', 'rows.csv: the file has a header and no rows'],
  ])('%s', async (_, rows, expected) => {
    expect(await problemOf(good, rows)).toBe(expected);
  });

  it('the same content twice, when rows have no ids of their own', async () => {
    const yaml = good.replace('id: id, ', '');
    expect(await problemOf(yaml, `${csv}r4,sky,blue,1,light\n`)).toBe(
      'rows.csv:5: the row has the same content as line 2',
    );
  });

  it('an answer that does not fit the task', async () => {
    const yaml = 'name: x\ntask: ner\nrows: { path: r.jsonl, map: { input: text, output: spans } }\n';
    const row = '{"text":"Anna left","spans":[{"text":"Bern","label":"PLACE"}]}\n';
    expect(await problemOf(yaml, row, 'r.jsonl')).toBe(
      'r.jsonl:1: the input does not hold the text of an expected entity',
    );
  });
});
