// Writes rows to a file in a shape and a format: whole, or not at all.
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, createZstdCompress } from 'node:zlib';
import { BadInput } from '../../domain/bad-input.ts';
import type { DatasetRow } from '../../domain/dataset.ts';
import type { SourceFormat } from '../../domain/recipe-source.ts';
import { exportRow, type ExportShape, type Exported } from './export-row.ts';
import { fitting, rowsLookedAt, tableColumns, withTagColumns, type TableColumn } from './table-columns.ts';
import { jsonArray, jsonLines, tableLines } from './write-formats.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface ExportTarget {
  readonly shape: ExportShape;
  readonly format: SourceFormat;
  /** An ending `.gz` or `.zst` compresses. Its folder must be there; a file of that name is replaced. */
  readonly path: string;
}

/**
 * Writes all rows, in their order and one by one, to a file beside `path` that takes its name when it is complete.
 * Throws BadInput, counting rows by reason, when rows have what the shape or the format cannot hold, when there are
 * no rows, for a compressed Parquet file, and for a folder that is not there.
 */
export async function writeExport(
  rows: AsyncIterable<DatasetRow>,
  target: ExportTarget,
): Promise<{ rows: number; bytes: number }> {
  const { shape, format, path } = target;
  const compression = /\.(gz|zst)$/iu.exec(path)?.[1]?.toLowerCase();
  if (format === 'parquet' && compression !== undefined) {
    throw new BadInput('Parquet compresses by itself', { where: path, hint: 'Leave out the ending.' });
  }
  const folder = await stat(dirname(path)).catch(() => undefined);
  if (folder?.isDirectory() !== true) {
    throw new BadInput('the folder of the file is not there', { where: path, hint: 'Make it first.' });
  }
  const isTable = format !== 'jsonl' && format !== 'json';
  const count = { rows: 0, unfit: new Map<string, number>() };
  const shaped = shapedRows(rows, shape, format, count);
  const first = isTable ? await upTo(shaped, rowsLookedAt) : [];
  const columns = tableColumns(first);
  const fit = (fields: Fields): Exported => fitting(fields, columns, format !== 'parquet');
  const records = isTable ? fittingRows(first, shaped, fit, count) : shaped;
  const draft = `${path}.${crypto.randomUUID()}.part`;
  try {
    if (format === 'parquet') {
      await writeParquet(draft, records, columns);
    } else {
      const steps = compression === undefined ? [] : [compression === 'gz' ? createGzip() : createZstdCompress()];
      const text = Readable.from(textOf(records, format, columns));
      // `wx`: a file that is there already is never written into.
      await pipeline([text, ...steps, createWriteStream(draft, { flags: 'wx', flush: true })]);
    }
    requireWhole(count, target);
    const { size } = await stat(draft);
    await rename(draft, path);
    return { rows: count.rows, bytes: size };
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

interface Count {
  rows: number;
  readonly unfit: Map<string, number>;
}

/** After a row that does not fit, rows are only counted. */
async function* shapedRows(
  rows: AsyncIterable<DatasetRow>,
  shape: ExportShape,
  format: SourceFormat,
  count: Count,
): AsyncGenerator<Fields> {
  for await (const row of rows) {
    count.rows += 1;
    const exported = exportRow(row, shape);
    const fields = checked(exported, count);
    if (fields !== undefined) {
      yield format === 'csv' || format === 'tsv' ? withTagColumns(fields) : fields;
    }
  }
}

async function* fittingRows(
  first: readonly Fields[],
  rest: AsyncGenerator<Fields>,
  fit: (fields: Fields) => Exported,
  count: Count,
): AsyncGenerator<Fields> {
  for (const row of first) {
    const fields = checked(fit(row), count);
    if (fields !== undefined) {
      yield fields;
    }
  }
  for await (const row of rest) {
    const fields = checked(fit(row), count);
    if (fields !== undefined) {
      yield fields;
    }
  }
}

function checked(exported: Exported, { unfit }: Count): Fields | undefined {
  if ('unfit' in exported) {
    unfit.set(exported.unfit, (unfit.get(exported.unfit) ?? 0) + 1);
  }
  return 'fields' in exported && unfit.size === 0 ? exported.fields : undefined;
}

async function upTo(rows: AsyncGenerator<Fields>, most: number): Promise<Fields[]> {
  const taken: Fields[] = [];
  while (taken.length < most) {
    const next = await rows.next();
    if (next.done === true) {
      break;
    }
    taken.push(next.value);
  }
  return taken;
}

function textOf(
  records: AsyncIterable<Fields>,
  format: Exclude<SourceFormat, 'parquet'>,
  columns: readonly TableColumn[],
): AsyncGenerator<string> {
  switch (format) {
    case 'jsonl':
      return jsonLines(records);
    case 'json':
      return jsonArray(records);
    case 'csv':
      return tableLines(records, columns, ',');
    case 'tsv':
      return tableLines(records, columns, '\t');
    default:
      return format satisfies never;
  }
}

/** Rows of a group are in memory together. */
const rowsInGroup = 5000;

async function writeParquet(file: string, rows: AsyncIterable<Fields>, columns: readonly TableColumn[]): Promise<void> {
  if (columns.length === 0) {
    for await (const _ of rows) {
      // Counted as they pass.
    }
    return;
  }
  // Loaded for Parquet alone.
  const { fileWriter, parquetWriteRows } = await import('hyparquet-writer');
  await parquetWriteRows({
    writer: fileWriter(file),
    rows,
    columns: columns.map(({ name, nested }) => ({ name, type: nested ? 'JSON' : 'STRING', nullable: true })),
    rowGroupSize: rowsInGroup,
    createdBy: 'contender',
  });
}

function requireWhole({ rows, unfit }: Count, { shape, format, path }: ExportTarget): void {
  if (rows === 0) {
    throw new BadInput('there are no rows to write', { where: path });
  }
  if (unfit.size > 0) {
    const total = [...unfit.values()].reduce((sum, number) => sum + number, 0);
    const reasons = [...unfit].map(([reason, number]) => `${number} have ${reason}`).join(', ');
    throw new BadInput(`${total} of ${rows} rows cannot be written as ${shape} in ${format}: ${reasons}`, {
      where: path,
      hint: 'The shape `messages` in JSON Lines holds conversations, calls and tools; `preference` holds worse answers.',
    });
  }
}
