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

/** The values of a stream of lines one by one, so that a file of any length needs the memory of one line. */
export async function* streamLines<S extends z.ZodType>(
  chunks: AsyncIterable<Uint8Array>,
  schema: S,
): AsyncGenerator<z.output<S>> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') {
        yield schema.parse(JSON.parse(line));
      }
    }
  }
  const last = rest + decoder.decode();
  if (last !== '') {
    yield schema.parse(JSON.parse(last));
  }
}
