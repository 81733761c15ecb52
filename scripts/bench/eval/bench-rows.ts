// The rows that every tool is asked: real texts with their labels, as each tool reads them.
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { stringify } from 'yaml';
import { BadInput } from '../../../domain/bad-input.ts';

export interface BenchRow {
  readonly text: string;
  readonly label: string;
}

/** Reads the first `count` different texts of a CSV file with the columns `text` and `category`. */
export async function readRows(path: string, count: number): Promise<BenchRow[]> {
  const rows = new Map<string, BenchRow>();
  const records = createReadStream(path).pipe(parse({ columns: true, bom: true })) as AsyncIterable<
    Readonly<Record<string, string | undefined>>
  >;
  for await (const { text, category } of records) {
    if (text === undefined || category === undefined) {
      throw new BadInput('the file has no columns `text` and `category`', { where: path });
    }
    // As our loader reads texts, and without line breaks, which not every tool passes on as they are.
    const plain = text.replaceAll(/\s+/gu, ' ').normalize('NFC').trim();
    if (plain !== '' && rows.size < count && !rows.has(plain)) {
      rows.set(plain, { text: plain, label: category.trim() });
    }
  }
  if (rows.size < count) {
    throw new BadInput(`the file has ${rows.size} different texts, and ${count} are needed`, { where: path });
  }
  return [...rows.values()];
}

/** As many rows as wanted: the same texts again and again, with numbers behind them, so that no two are equal. */
export function* numberedRows(rows: readonly BenchRow[], count: number): Generator<BenchRow> {
  for (let index = 0; index < count; index += 1) {
    const row = rows[index % rows.length];
    if (row !== undefined) {
      yield { ...row, text: `${row.text} (${index + 1})` };
    }
  }
}

export interface RowFiles {
  /** `{"text", "label"}` by line. */
  readonly jsonl: string;
  /** Columns `text` and `label`. */
  readonly csv: string;
  /** Our suite on the JSON lines. */
  readonly suite: string;
}

/** Writes rows in every form into a folder. */
export async function writeRows(folder: string, rows: Iterable<BenchRow>): Promise<RowFiles> {
  await mkdir(folder, { recursive: true });
  const files = {
    jsonl: join(folder, 'rows.jsonl'),
    csv: join(folder, 'rows.csv'),
    suite: join(folder, 'suite.yaml'),
  };
  const all = [...rows];
  await pipeline(
    Readable.from(all, { objectMode: true }).map((row: BenchRow) => `${JSON.stringify(row)}\n`),
    createWriteStream(files.jsonl),
  );
  const quoted = ({ text, label }: BenchRow): string => `"${text.replaceAll('"', '""')}","${label}"\n`;
  await writeFile(files.csv, `text,label\n${all.map(quoted).join('')}`);
  const suite = {
    name: 'bench',
    task: 'classification',
    rows: { path: 'rows.jsonl', map: { input: 'text', output: 'label' } },
    prompt: { user: promptFor('{input}') },
    scorers: ['exact_match'],
    max_tokens: 16,
  };
  await writeFile(files.suite, stringify(suite));
  return files;
}

/** The prompt of every tool, around what the tool puts in place of a row's text. */
export function promptFor(placeholder: string): string {
  return `Classify the banking query.\nText: ${placeholder}\nLabel:`;
}
