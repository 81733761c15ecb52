// JSON Lines to and from values.
import type { z } from 'zod';

/** Parses every line; throws ZodError or SyntaxError, since stored lines were checked when they were written. */
export function parseLines<S extends z.ZodType>(bytes: Uint8Array, schema: S): z.output<S>[] {
  return new TextDecoder('utf-8', { fatal: true })
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => schema.parse(JSON.parse(line)));
}

export function toLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
