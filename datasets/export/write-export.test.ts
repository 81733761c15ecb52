// What is written can be read again, and gives the same rows.
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { DatasetRow } from '../../domain/dataset.ts';
import { createMapper } from '../shapes/create-mapper.ts';
import { parseChunk } from '../sources/parse-chunk.ts';
import { sourceChunks } from '../sources/source-chunks.ts';
import type { ExportShape } from './export-row.ts';
import { contentOf, syntheticRows, type SyntheticKind } from './synthetic-rows.ts';
import { writeExport } from './write-export.ts';

type Fields = Readonly<Record<string, unknown>>;

const folder = await mkdtemp(join(tmpdir(), 'contender-export-'));
afterAll(async () => rm(folder, { recursive: true }));

async function* streamed(rows: readonly DatasetRow[]): AsyncGenerator<DatasetRow> {
  yield* rows;
}

/** As a source of a recipe is read. */
async function readBack(path: string): Promise<Fields[]> {
  const file = { path, local: path, open: () => createReadStream(path) };
  const records: Fields[] = [];
  for await (const chunk of sourceChunks(file, { malformed: 'stop', scratch: folder })) {
    for (const record of parseChunk(chunk)) {
      expect(record).toHaveProperty('fields');
      records.push('fields' in record ? record.fields : {});
    }
  }
  return records;
}

function recordsOf(json: string): Fields[] {
  return z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(json));
}

const everything = { conversation: true, tools: true, weights: true };
const cases: [ExportShape, SyntheticKind][] = [
  ['messages', everything],
  ['messages', { tools: true }],
  ['sharegpt', { ...everything, sides: true, rejected: true }],
  ['alpaca', { conversation: true, sides: true }],
  ['columns', { sides: true, rejected: true }],
  ['prompt_completion', { sides: true }],
  ['preference', { rejected: true, sides: true }],
];
const nestedCases: [ExportShape, SyntheticKind][] = [
  ['prompt_completion', everything],
  ['preference', { ...everything, rejected: true }],
];
const formats = ['jsonl', 'json', 'csv', 'tsv', 'parquet'] as const;

describe('rows that are written and read again', () => {
  const runs = [
    ...formats.flatMap((format) => cases.map(([shape, kind]) => [shape, format, kind] as const)),
    ...(['jsonl', 'json'] as const).flatMap((format) =>
      nestedCases.map(([shape, kind]) => [shape, format, kind] as const),
    ),
  ];

  it.each(runs)('are the same as %s in %s, of %j', async (shape, format, kind) => {
    for (const seed of [1, 2, 3]) {
      const rows = syntheticRows(seed, 60, kind);
      const path = join(folder, `${shape}-${seed}.${format}`);
      const written = await writeExport(streamed(rows), { shape, format, path });
      const records = await readBack(path);
      expect(written).toEqual({ rows: 60, bytes: (await readFile(path)).length });
      const sides = kind.sides === true ? { group: 'group', time: 'time', tags: { 'a b': 'tags.a b' } } : {};
      const worse = kind.rejected === true && shape !== 'preference' ? { rejected: 'rejected' } : {};
      const columns = shape === 'columns' ? { input: 'input', output: 'output' } : {};
      const mapper = createMapper({ shape, map: { ...columns, ...sides, ...worse } }, records[0] ?? {});
      expect(records.map((fields) => contentOf(fields, mapper))).toEqual(
        rows.map(({ id: _id, origin: _origin, ...content }) => content),
      );
    }
  });

  it.each(['gz', 'zst'])('are compressed where the name ends in .%s', async (ending) => {
    const rows = syntheticRows(1, 20, {});
    const path = join(folder, `rows.jsonl.${ending}`);
    await writeExport(streamed(rows), { shape: 'columns', format: 'jsonl', path });
    expect(await readBack(path)).toEqual(rows.map(({ input, output }) => ({ input, output })));
  });

  it('give calls that OpenAI takes: every call has an id, and turns that are not learnt have weight 0', async () => {
    const rows = syntheticRows(5, 60, { conversation: true, tools: true });
    const path = join(folder, 'openai.jsonl');
    await writeExport(streamed(rows), { shape: 'messages', format: 'jsonl', path });
    const records = await readBack(path);
    expect(records.every((record) => Object.keys(record).every((key) => ['messages', 'tools'].includes(key)))).toBe(
      true,
    );
    const turns = records.flatMap(({ messages }) => recordsOf(JSON.stringify(messages)).slice(0, -1));
    const speaking = turns.filter(({ role }) => role === 'assistant');
    expect(speaking.length).toBeGreaterThan(20);
    expect(speaking.every(({ weight }) => weight === 0)).toBe(true);
    expect(turns.filter(({ role }) => role === 'tool').every(({ tool_call_id: id }) => typeof id === 'string')).toBe(
      true,
    );
  });
});

describe('rows that a shape cannot hold', () => {
  const plain = syntheticRows(1, 5, {});
  const calling = syntheticRows(2, 3, { tools: true });

  it.each([
    ['columns', 'csv', calling, '3 of 8 rows cannot be written as columns in csv: 3 have tools'],
    ['alpaca', 'jsonl', calling, '3 of 8 rows cannot be written as alpaca in jsonl: 3 have tools'],
    ['preference', 'jsonl', [], '5 of 5 rows cannot be written as preference in jsonl: 5 have no worse answer'],
    ['messages', 'jsonl', syntheticRows(3, 2, { rejected: true }), '2 have a worse answer'],
    [
      'prompt_completion',
      'parquet',
      calling,
      '5 have text in the column "prompt", where other rows have a conversation',
    ],
    ['prompt_completion', 'csv', calling, '3 have a conversation in the column "prompt", whose cells are text'],
  ] as const)('%s in %s: one error counts them, and no file is left', async (shape, format, more, message) => {
    const path = join(folder, `unfit-${shape}.${format}`);
    await expect(writeExport(streamed([...plain, ...more]), { shape, format, path })).rejects.toThrow(message);
    expect((await readdir(folder)).filter((name) => name.startsWith('unfit'))).toEqual([]);
  });

  it('leaves the former file as it is', async () => {
    const path = join(folder, 'former.jsonl');
    await writeFile(path, 'former');
    await expect(writeExport(streamed(plain), { shape: 'preference', format: 'jsonl', path })).rejects.toThrow(
      'no worse',
    );
    expect(await readFile(path, 'utf8')).toBe('former');
  });

  it.each([
    [[], 'a.jsonl', 'jsonl', 'there are no rows to write'],
    [plain, 'a.parquet.gz', 'parquet', 'Parquet compresses by itself'],
    [plain, 'nowhere/a.jsonl', 'jsonl', 'the folder of the file is not there'],
  ] as const)('other bad input: %#', async (rows, name, format, message) => {
    await expect(writeExport(streamed(rows), { shape: 'columns', format, path: join(folder, name) })).rejects.toThrow(
      message,
    );
    expect(await readdir(folder)).not.toContain(name);
  });

  it('a column that comes up after 1000 rows has no place in a table', async () => {
    const late = [...syntheticRows(1, 1000, {}), ...syntheticRows(2, 1, { sides: true })];
    const path = join(folder, 'late.csv');
    await expect(writeExport(streamed(late), { shape: 'columns', format: 'csv', path })).rejects.toThrow(
      '1 of 1001 rows cannot be written as columns in csv: 1 have a column "group" that the first 1000 rows have not',
    );
  });
});
