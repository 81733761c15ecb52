// Shape `columns`: the recipe names the columns of input and output.
import { answerText, cellText, type NoText } from './cell-text.ts';
import { fieldPath, fieldValue, type FieldPath } from './field-path.ts';
import type { Drop, Fields, ShapeOptions, ShapeReader } from './shape-row.ts';

/** Throws BadInput for a mapping without `input`, or a column that the first record does not have. */
export function columnsReader({ map, first, where, asked }: ShapeOptions): ShapeReader {
  if (map.input === undefined || (map.output === undefined && !asked)) {
    throw new RangeError('the shape columns needs a mapping of input and output');
  }
  const input = fieldPath(map.input, first, where);
  const output = map.output === undefined ? undefined : fieldPath(map.output, first, where);
  return (fields) => {
    const question = columnText(input, fields, cellText);
    if (typeof question !== 'string') {
      return question;
    }
    const answer = output === undefined || asked ? '' : columnText(output, fields, answerText);
    return typeof answer === 'string' ? { input: question, output: answer } : answer;
  };
}

/** The text in a column, or why the record is dropped. */
export function columnText(
  path: FieldPath,
  fields: Fields,
  textOf: (value: unknown) => string | NoText,
): string | Drop {
  const value = fieldValue(path, fields);
  if (value === undefined) {
    return { rule: 'malformed_record', detail: `has no key ${JSON.stringify(path.name)}` };
  }
  const text = textOf(value);
  return typeof text === 'string'
    ? text
    : { rule: 'malformed_record', detail: `the value of ${JSON.stringify(path.name)} ${text.problem}` };
}
