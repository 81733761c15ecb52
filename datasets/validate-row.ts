// Normalises one row's texts, or says by which rule the row is dropped.
import type { DropRule } from '../domain/dataset.ts';
import type { MappedRow } from './map-row.ts';

/** `detail` never holds text of the row. */
export interface Rejected {
  readonly rule: DropRule;
  readonly detail?: string;
}

export interface RowLimits {
  readonly maxInputChars: number;
  /** True when the split needs every row to have a group. */
  readonly groupNeeded: boolean;
}

/**
 * The row in Unicode NFC, line breaks as LF, white space around each text removed, empty tags left out. Rejects empty texts, inputs of
 * more than `maxInputChars` code points, and texts with control characters (other than tab and line break) or lone surrogates.
 */
export function validateRow(row: MappedRow, limits: RowLimits): MappedRow | Rejected {
  const input = normalise(row.input);
  const output = normalise(row.output);
  const rejected = row.rejected === undefined ? undefined : normalise(row.rejected);
  const group = row.group === undefined ? undefined : normalise(row.group);
  const tags = Object.entries(row.tags ?? {}).map(([name, value]) => [name, normalise(value)] as const);
  const invalid =
    tags.map(([name, value]) => invalidText(`tag ${name}`, value)).find((problem) => problem !== undefined) ??
    invalidText('input', input) ??
    invalidText('output', output) ??
    invalidText('rejected', rejected ?? '') ??
    invalidText('group', group ?? '');
  if (invalid !== undefined) {
    return { rule: 'invalid_text', detail: invalid };
  }
  if (input === '') {
    return { rule: 'empty_input' };
  }
  if (output === '') {
    return { rule: 'empty_output' };
  }
  if (rejected === '') {
    return { rule: 'empty_rejected' };
  }
  if (rejected === output) {
    return { rule: 'rejected_equals_output' };
  }
  if (limits.groupNeeded && (group ?? '') === '') {
    return { rule: 'empty_group' };
  }
  const length = input.length > limits.maxInputChars ? codePoints(input) : 0;
  if (length > limits.maxInputChars) {
    return { rule: 'input_too_long', detail: `${length} characters, ${limits.maxInputChars} allowed` };
  }
  const named = tags.filter(([, value]) => value !== '');
  return {
    input,
    output,
    ...(rejected === undefined ? {} : { rejected }),
    group: group === '' ? undefined : group,
    ...(named.length === 0 ? {} : { tags: Object.fromEntries(named) }),
  };
}

function normalise(text: string): string {
  return text.replaceAll(/\r\n?/gu, '\n').normalize('NFC').trim();
}

// C0 without tab and line feed, DEL, and C1, which only wrongly decoded text holds.
// oxlint-disable-next-line no-control-regex
const control = /[\0-\x08\x0b-\x1f\x7f-\x9f]/u;

function invalidText(field: string, text: string): string | undefined {
  const code = control.exec(text)?.[0].codePointAt(0);
  if (code !== undefined) {
    return `${field} holds the control character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  }
  return text.isWellFormed() ? undefined : `${field} holds a lone surrogate`;
}

function codePoints(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += (text.codePointAt(index) ?? 0) > 0xff_ff ? 2 : 1) {
    count += 1;
  }
  return count;
}
