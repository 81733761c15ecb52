// Which format a source file has: by what the recipe says, or by its name.
import { BadInput } from '../../domain/bad-input.ts';
import type { SourceFormat } from '../../domain/recipe-source.ts';

const byEnding = new Map<string, SourceFormat>([
  ['csv', 'csv'],
  ['tsv', 'tsv'],
  ['tab', 'tsv'],
  ['jsonl', 'jsonl'],
  ['ndjson', 'jsonl'],
  ['json', 'json'],
  ['parquet', 'parquet'],
]);

/**
 * The format stated, or that of the file name's ending, in front of an ending of compression: `rows.csv.zst` is CSV.
 * Throws BadInput when neither tells.
 */
export function formatOf({
  path,
  format,
}: {
  readonly path: string;
  readonly format?: SourceFormat | undefined;
}): SourceFormat {
  const ending = /\.([a-z]+)(?:\.(?:gz|gzip|zst|zstd))?$/iu.exec(path)?.[1]?.toLowerCase() ?? '';
  const found = format ?? byEnding.get(ending);
  if (found === undefined) {
    throw new BadInput('the format of the file cannot be told from its name', {
      where: path,
      hint: 'Add `format: csv`, `tsv`, `jsonl`, `json` or `parquet` to the source.',
    });
  }
  return found;
}
