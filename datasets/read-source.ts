// Reads one source of a recipe, whatever its format.
import { BadInput } from '../domain/bad-input.ts';
import type { SourceRecipe } from '../domain/recipe-dataset.ts';
import { mappedColumns } from './map-row.ts';
import { readCsv } from './read-csv.ts';
import { readJsonl } from './read-jsonl.ts';
import type { ReadOptions, SourceRecord } from './source-record.ts';

/** A source as the recipe names it, with its bytes. */
export interface CurateSource {
  /** As the recipe writes it: goes into row origins and messages. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly map: SourceRecipe['map'];
  readonly format?: SourceRecipe['format'];
  /** Opens the bytes; called once. */
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** The source's records with the mapped values. Throws BadInput as the reader of its format does. */
export function readSource(source: CurateSource): AsyncGenerator<SourceRecord> {
  return readRecords(source, { columns: mappedColumns(source.map) });
}

/** The records of a file with the values of these columns. Throws BadInput as the reader of its format does. */
export function readRecords(
  source: Pick<CurateSource, 'path' | 'format' | 'open'>,
  wanted: Omit<ReadOptions, 'file'>,
): AsyncGenerator<SourceRecord> {
  const options = { file: source.path, ...wanted };
  const format = formatOf(source);
  return format === 'jsonl'
    ? readJsonl(source.open(), options)
    : readCsv(source.open(), { ...options, delimiter: format === 'tsv' ? '\t' : ',' });
}

/** Reads up to the first record. Throws BadInput as `readSource` does for a missing column, an empty file and the like. */
export async function checkHeader(source: CurateSource): Promise<void> {
  await readSource(source).next();
}

/** The format stated, or that of the file name's ending. Throws BadInput when neither tells. */
export function formatOf(source: {
  readonly path: string;
  readonly format?: SourceRecipe['format'];
}): 'csv' | 'tsv' | 'jsonl' {
  const ending = /\.(csv|tsv|jsonl|ndjson)$/iu.exec(source.path)?.[1]?.toLowerCase();
  const format = source.format ?? (ending === 'ndjson' ? 'jsonl' : ending);
  if (format === 'csv' || format === 'tsv' || format === 'jsonl') {
    return format;
  }
  throw new BadInput('the format of the file cannot be told from its name', {
    where: source.path,
    hint: 'Add `format: csv`, `tsv` or `jsonl` to the source.',
  });
}
