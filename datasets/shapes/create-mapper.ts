// From a record's fields to a row, whatever the shape of the source. Runs for every row: no schema, no closures a row.
import type { SourceRecipe } from '../../domain/recipe-dataset.ts';
import type { RowShape } from '../../domain/recipe-source.ts';
import type { MappedRow } from '../map-row.ts';
import { alpacaReader } from './alpaca.ts';
import { columnsReader } from './columns.ts';
import { detectShape, requireShape } from './detect-shape.ts';
import { gatewayLogReader } from './gateway-log.ts';
import { messagesReader } from './messages.ts';
import { preferenceReader } from './preference.ts';
import { promptCompletionReader } from './prompt-completion.ts';
import type { Drop, Fields, ShapeOptions, ShapeReader } from './shape-row.ts';
import { sharegptReader } from './sharegpt.ts';
import { sideFields } from './side-fields.ts';

export type RowMapper = (fields: Fields) => MappedRow | Drop;

/** What of a source decides how its records are read. With `distill` the answers are left out. */
export type MappedSource = Pick<SourceRecipe, 'shape' | 'map'> & { readonly distill?: unknown };

/**
 * The mapper of a source: made once, from its first record, and pure afterwards. `where` is the file and line of that
 * record, for errors. Throws BadInput for a shape that cannot be told or does not fit, and for a column that is not
 * there.
 */
export function createMapper(source: MappedSource, first: Fields, where = 'the first record'): RowMapper {
  const { map } = source;
  const asked = source.distill !== undefined;
  const shape = shapeOf(source, first, where);
  const read = readerOf(shape, { map, first, where, asked });
  const addSides = sideFields(map, first, where);
  return (fields) => {
    const row = read(fields);
    return 'rule' in row ? row : addSides(row, fields);
  };
}

/** The shape that the recipe states, `columns` where it maps an input, or that of the first record. Throws BadInput. */
export function shapeOf({ shape, map, distill }: MappedSource, first: Fields, where = 'the first record'): RowShape {
  const asked = distill !== undefined;
  if (shape === undefined) {
    return map.input === undefined ? detectShape(first, where, asked) : 'columns';
  }
  if (shape !== 'columns') {
    requireShape(shape, first, where, asked);
  }
  return shape;
}

function readerOf(shape: RowShape, options: ShapeOptions): ShapeReader {
  switch (shape) {
    case 'columns':
      return columnsReader(options);
    case 'prompt_completion':
      return promptCompletionReader(options);
    case 'messages':
      return messagesReader(options);
    case 'sharegpt':
      return sharegptReader(options);
    case 'alpaca':
      return alpacaReader(options);
    case 'preference':
      return preferenceReader();
    case 'gateway_log':
      return gatewayLogReader(options);
    default:
      return shape satisfies never;
  }
}
