// JSON Lines to and from values.
import type { z } from 'zod';
import { textLines } from '../domain/text-lines.ts';

/** Parses every line; throws ZodError or SyntaxError, since stored lines were checked when they were written. */
export function parseLines<S extends z.ZodType>(bytes: Uint8Array, schema: S): z.output<S>[] {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const values: z.output<S>[] = [];
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf('\n', start);
    end = end === -1 ? text.length : end;
    if (end > start) {
      values.push(schema.parse(JSON.parse(text.slice(start, end))));
    }
  }
  return values;
}

export function toLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

/** The same in pieces, for values whose lines should not be in memory as a whole. */
export async function* toLinePieces(values: readonly unknown[]): AsyncGenerator<string> {
  for (let start = 0; start < values.length; start += valuesPerPiece) {
    yield toLines(values.slice(start, start + valuesPerPiece));
  }
}

/** Few, so that pieces are small enough to die young. */
const valuesPerPiece = 100;

/** The values of a stream of lines one by one, so that a file of any length needs the memory of one line. */
export async function* streamLines<S extends z.ZodType>(
  chunks: AsyncIterable<Uint8Array>,
  schema: S,
): AsyncGenerator<z.output<S>> {
  for await (const line of textLines(chunks)) {
    yield schema.parse(JSON.parse(line));
  }
}
