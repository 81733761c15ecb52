// The rows of a suite file: read from a file or from a dataset version, checked one by one.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { BadInput } from '../domain/bad-input.ts';
import { hashOf } from '../domain/canonical.ts';
import { datasetManifestSchema, datasetRowSchema } from '../domain/dataset.ts';
import type { SuiteRowsRecipe } from '../domain/suite-file.ts';
import { suiteRowSchema, type SuiteRow } from '../domain/suite.ts';
import { mappedColumns, mapRow } from '../datasets/map-row.ts';
import { readRecords } from '../datasets/read-source.ts';
import { rowContent } from '../datasets/row-content.ts';
import { validateRow } from '../datasets/validate-row.ts';
import { createRandom, shuffled } from '../evals/statistics/random.ts';
import { getBlob } from '../registry/blobs.ts';
import { getJson } from '../registry/json.ts';
import type { ObjectStore } from '../registry/store.ts';

/** Longer inputs are taken for a broken file; readers allow records of 1 MiB. */
const maxInputChars = 1_000_000;

export interface SuiteRows {
  readonly rows: SuiteRow[];
  /** Expected answers of all rows that were read, before the limit: labels are taken from them. */
  readonly outputs: readonly string[];
  /** Rows left out because they repeat another. */
  readonly dropped: number;
}

/**
 * Rows in the order in which they are asked. Throws BadInput, with file and line, for a missing file or column, an
 * empty input or answer, text that is no text, a row id that comes twice, and a file without rows.
 */
export async function suiteRows(path: string, recipe: SuiteRowsRecipe, store: ObjectStore): Promise<SuiteRows> {
  const { rows, dropped } =
    recipe.dataset === undefined
      ? await fileRows(path, recipe)
      : { rows: await datasetRows(recipe, store), dropped: 0 };
  const ordered = recipe.shuffle ? shuffled(rows, createRandom(recipe.seed)) : rows;
  return {
    rows: recipe.limit === undefined ? ordered : ordered.slice(0, recipe.limit),
    outputs: rows.map(({ output }) => output),
    dropped,
  };
}

async function fileRows(
  suitePath: string,
  { path, format, map, duplicates }: SuiteRowsRecipe,
): Promise<Pick<SuiteRows, 'rows' | 'dropped'>> {
  if (path === undefined || map === undefined) {
    throw new BadInput('the suite says neither `path` with `map` nor `dataset`', { where: suitePath });
  }
  const file = resolve(dirname(suitePath), path);
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) {
    throw new BadInput(`there is no file ${path}`, {
      where: `${suitePath}: rows.path`,
      hint: 'paths are relative to the suite file; suites on data of others say in their README how to get it',
    });
  }
  const { id: idColumn, ...columns } = map;
  const wanted = [...mappedColumns(columns), ...(idColumn === undefined ? [] : [idColumn])];
  const records = readRecords(
    { path, format, local: file, open: () => createReadStream(file) },
    { columns: wanted, jsonColumns: [map.output] },
  );
  const rows: SuiteRow[] = [];
  let dropped = 0;
  const lines = new Map<string, number>();
  for await (const record of records) {
    const where = `${path}:${record.line}`;
    if ('problem' in record) {
      throw new BadInput(`the row ${record.problem}`, { where });
    }
    const row = rowOf(record.values, columns, idColumn !== undefined, where);
    const first = lines.get(row.id);
    if (first !== undefined && idColumn === undefined && duplicates === 'drop') {
      dropped += 1;
      continue;
    }
    if (first !== undefined) {
      const same = idColumn === undefined ? 'the row has the same content as' : `the row id ${row.id} is also that of`;
      throw new BadInput(`${same} line ${first}`, {
        where,
        hint:
          idColumn === undefined
            ? 'every row is evidence once: remove the repetition, or let `rows.duplicates: drop` do it'
            : 'give each row an id of its own',
      });
    }
    lines.set(row.id, record.line);
    rows.push({ ...row, origin: { file: path, line: record.line } });
  }
  return { rows, dropped };
}

function rowOf(values: readonly string[], map: Parameters<typeof mapRow>[1], hasId: boolean, where: string): SuiteRow {
  const texts = hasId ? values.slice(0, -1) : values;
  const valid = validateRow(mapRow(texts, map), { maxInputChars, groupNeeded: false });
  if ('rule' in valid) {
    throw new BadInput(valid.detail ?? wordsFor[valid.rule] ?? valid.rule.replaceAll('_', ' '), { where });
  }
  const { input, output, group, tags } = valid;
  const content = { input, output, ...(group === undefined ? {} : { group }) };
  const id = hasId ? (values.at(-1) ?? '').trim() : beginningOf(hashOf(rowContent(valid)), 24);
  if (id === '') {
    throw new BadInput('the row id is empty', { where });
  }
  return { id, ...content, ...(tags === undefined ? {} : { tags }) };
}

/** A text of its own: what slice() gives keeps the whole text in memory, which counts for 100,000 rows. */
function beginningOf(text: string, chars: number): string {
  return Buffer.from(text).toString('latin1', 0, chars);
}

const wordsFor: Partial<Record<string, string>> = {
  empty_input: 'the input is empty',
  empty_output: 'the expected answer is empty',
};

async function datasetRows({ dataset = '', split = 'test' }: SuiteRowsRecipe, store: ObjectStore): Promise<SuiteRow[]> {
  const manifest = await getJson(store, `datasets/${dataset.replace('@', '/')}/manifest.json`, datasetManifestSchema);
  if (manifest === undefined) {
    throw new BadInput(`there is no dataset ${dataset} in the object store`, {
      where: 'rows.dataset',
      hint: `the store is ${store.uri}; \`--store\` names another`,
    });
  }
  const text = new TextDecoder().decode(await getBlob(store, manifest.splits[split].file));
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length === 0) {
    throw new BadInput(`the ${split} split of ${dataset} is empty`, { where: 'rows.split' });
  }
  return lines.map((line) => {
    const { rejected: _rejected, time: _time, ...row } = datasetRowSchema.parse(JSON.parse(line));
    return suiteRowSchema.parse(row);
  });
}
