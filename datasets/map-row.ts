// Which columns of a source become a row's input, output, rejected answer, group and tags.
import type { Turn } from '../domain/dataset.ts';
import type { SourceRecipe } from '../domain/recipe-dataset.ts';
import type { Tool } from '../domain/suite.ts';

export type ColumnMap = SourceRecipe['map'];

/** A row's texts as they stand in the source. */
export interface MappedRow {
  readonly input: string;
  readonly output: string;
  /** Undefined when the source maps no such column. */
  readonly rejected?: string | undefined;
  readonly group: string | undefined;
  /** Undefined when the source maps no tags. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly time?: string | undefined;
  readonly messages?: readonly Turn[] | undefined;
  readonly tools?: readonly Tool[] | undefined;
}

/** Columns to read for a mapping, in the order in which `mapRow` takes their values. */
export function mappedColumns(map: ColumnMap): string[] {
  return [map.input, map.output, map.rejected, map.group, ...Object.values(map.tags ?? {})].filter(
    (column) => column !== undefined,
  );
}

/** The row of the values that `mappedColumns` of the same mapping asked for. */
export function mapRow(values: readonly string[], map: Pick<ColumnMap, 'rejected' | 'group' | 'tags'>): MappedRow {
  const [input = '', output = '', ...rest] = values;
  const rejected = map.rejected === undefined ? undefined : (rest.shift() ?? '');
  const group = map.group === undefined ? undefined : rest.shift();
  // fromEntries defines members, so that a tag named __proto__ stays a tag.
  const tags =
    map.tags === undefined
      ? undefined
      : Object.fromEntries(Object.keys(map.tags).map((name, index) => [name, rest[index] ?? '']));
  return {
    input,
    output,
    ...(rejected === undefined ? {} : { rejected }),
    group,
    ...(tags === undefined ? {} : { tags }),
  };
}
