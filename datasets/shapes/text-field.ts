// Text under a fixed name, for shapes whose names are given.
import { answerText, cellText } from './cell-text.ts';
import type { Drop, Fields } from './shape-row.ts';

/** Empty text where the record has no such member. */
export function textField(fields: Fields, name: string, textOf = cellText): string | Drop {
  const text = textOf(fields[name]);
  return typeof text === 'string'
    ? text
    : { rule: 'malformed_record', detail: `the value of ${JSON.stringify(name)} ${text.problem}` };
}

export function answerField(fields: Fields, name: string): string | Drop {
  return textField(fields, name, answerText);
}
