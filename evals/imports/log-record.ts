// What the readers of all three formats share: checking a record, and turning foreign values into text.
import type { z } from 'zod';
import { BadInput } from '../../domain/bad-input.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import type { LogTool } from './imported-arm.ts';

/** Checks a record against the part of a tool's format that is read. Throws BadInput that names the field. */
export function checkedRecord<S extends z.ZodType>(
  record: unknown,
  schema: S,
  at: { readonly tool: LogTool; readonly where: string },
): z.output<S> {
  const parsed = schema.safeParse(record);
  if (parsed.success) {
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new BadInput(
    `the record is not as ${at.tool} writes it: ${field === '' ? '' : `${field}: `}${issue?.message}`,
    {
      where: at.where,
      hint: `docs/compare.md says which versions of ${at.tool} are known; has the log been edited?`,
    },
  );
}

/** A text as it is, anything else as canonical JSON; null and undefined are the empty text. */
export function asText(value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  return typeof value === 'string' ? value : canonicalJson(value);
}

/** The named members that are there, as text; of several sources the first that has one. */
export function pickFields(
  names: readonly string[],
  ...sources: readonly (Readonly<Record<string, unknown>> | null | undefined)[]
): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const source = sources.find((one) => one !== null && one !== undefined && Object.hasOwn(one, name));
      return source === null || source === undefined ? [] : [[name, asText(source[name])]];
    }),
  );
}

const longestError = 500;

/** The beginning of an error: enough to recognise it, and no transcript. */
export function shortError(text: string): string {
  return text.length <= longestError ? text : `${text.slice(0, longestError).toWellFormed()}…`;
}
