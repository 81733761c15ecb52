// Normalises one row's texts, or says by which rule the row is dropped.
import { transcript } from '../domain/conversation.ts';
import type { DropRule, Turn } from '../domain/dataset.ts';
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
  /** True when the split needs every row to have a time. */
  readonly timeNeeded?: boolean;
  /** False while a teacher has not answered yet. */
  readonly answerNeeded?: boolean;
  /** True when the training method needs a worse answer beside every answer. */
  readonly rejectedNeeded?: boolean;
  /** Unicode normal form; `nfc` when absent. */
  readonly unicode?: 'nfc' | 'nfkc';
  /** The only outputs that are kept, in the same normal form; any when absent. */
  readonly labels?: ReadonlySet<string> | undefined;
}

/**
 * The row in Unicode normal form, line breaks as LF, white space around each text removed, empty tags left out; the
 * input of a conversation is the text of its normalised turns. Rejects empty texts, inputs of more than
 * `maxInputChars` code points, outputs that are not among the labels, and texts with control characters (other than
 * tab and line break) or lone surrogates. Arguments of tool calls stay as they are, but for lone surrogates.
 */
export function validateRow(row: MappedRow, limits: RowLimits): MappedRow | Rejected {
  const form = limits.unicode === 'nfkc' ? 'NFKC' : 'NFC';
  const messages = row.messages?.map((turn) => normaliseTurn(turn, form));
  const input = messages === undefined ? normalise(row.input, form) : transcript(messages);
  const output = normalise(row.output, form);
  const rejected = row.rejected === undefined ? undefined : normalise(row.rejected, form);
  const group = row.group === undefined ? undefined : normalise(row.group, form);
  const tags = Object.entries(row.tags ?? {}).map(([name, value]) => [name, normalise(value, form)] as const);
  const invalid =
    tags.map(([name, value]) => invalidText(`tag ${name}`, value)).find((problem) => problem !== undefined) ??
    (messages === undefined ? invalidText('input', input) : invalidTurns(messages)) ??
    invalidText('output', output) ??
    invalidText('rejected', rejected ?? '') ??
    invalidText('group', group ?? '');
  if (invalid !== undefined) {
    return { rule: 'invalid_text', detail: invalid };
  }
  const broken = brokenRule({ input, output, rejected, group, time: row.time }, limits);
  if (broken !== undefined) {
    return broken;
  }
  const named = tags.filter(([, value]) => value !== '');
  return {
    input,
    output,
    ...(rejected === undefined ? {} : { rejected }),
    group: group === '' ? undefined : group,
    ...(row.time === undefined ? {} : { time: row.time }),
    ...(named.length === 0 ? {} : { tags: Object.fromEntries(named) }),
    ...(messages === undefined ? {} : { messages }),
    ...(row.tools === undefined ? {} : { tools: row.tools }),
  };
}

function brokenRule({ input, output, rejected, group, time }: MappedRow, limits: RowLimits): Rejected | undefined {
  if (input === '') {
    return { rule: 'empty_input' };
  }
  if (output === '' && limits.answerNeeded !== false) {
    return { rule: 'empty_output' };
  }
  if (rejected === '' || (rejected === undefined && limits.rejectedNeeded === true)) {
    return { rule: 'empty_rejected' };
  }
  if (rejected === output) {
    return { rule: 'rejected_equals_output' };
  }
  if (limits.groupNeeded && (group ?? '') === '') {
    return { rule: 'empty_group' };
  }
  if (limits.timeNeeded === true && time === undefined) {
    return { rule: 'invalid_time', detail: 'the time is empty' };
  }
  const length = input.length > limits.maxInputChars ? codePoints(input) : 0;
  if (length > limits.maxInputChars) {
    return { rule: 'input_too_long', detail: `${length} characters, ${limits.maxInputChars} allowed` };
  }
  return limits.labels === undefined || limits.labels.has(output) || limits.answerNeeded === false
    ? undefined
    : { rule: 'unknown_label' };
}

function normaliseTurn(turn: Turn, form: 'NFC' | 'NFKC'): Turn {
  return { ...turn, content: normalise(turn.content, form) };
}

function normalise(text: string, form: 'NFC' | 'NFKC'): string {
  return text.replaceAll(/\r\n?/gu, '\n').normalize(form).trim();
}

function invalidTurns(turns: readonly Turn[]): string | undefined {
  for (let index = 0; index < turns.length; index += 1) {
    const { role, content, calls } = turns[index] ?? { role: 'user', content: '' };
    const problem =
      invalidText(`turn ${index + 1} (${role})`, content) ??
      // JSON.stringify escapes what is ill-formed, as \ud800.
      (calls !== undefined && loneSurrogate.test(JSON.stringify(calls))
        ? `a call of turn ${index + 1} (${role}) holds a lone surrogate`
        : undefined);
    if (problem !== undefined) {
      return problem;
    }
  }
  return undefined;
}

// A backslash that is itself escaped begins no escape.
const loneSurrogate = /(?<!\\)(?:\\\\)*\\ud[89a-f][0-9a-f]{2}/u;

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
