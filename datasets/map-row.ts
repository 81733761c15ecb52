// Which columns of a source become a row's input, output and group.
import type { SourceRecipe } from '../domain/recipe-dataset.ts';

export type ColumnMap = SourceRecipe['map'];

/** A row's texts as they stand in the source. */
export interface MappedRow {
  readonly input: string;
  readonly output: string;
  readonly group: string | undefined;
}

/** Columns to read for a mapping, in the order in which `mapRow` takes their values. */
export function mappedColumns(map: ColumnMap): string[] {
  return map.group === undefined ? [map.input, map.output] : [map.input, map.output, map.group];
}

/** The row of a record's values. */
export function mapRow(values: readonly string[]): MappedRow {
  const [input = '', output = '', group] = values;
  return { input, output, group };
}
