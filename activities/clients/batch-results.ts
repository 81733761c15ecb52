// Reads the results of a batch, one JSON document a line, as they arrive.
import { AskError } from './model-client.ts';

/** Throws a transient AskError for a line that is no JSON, such as the last one of a file that broke off. */
export async function* jsonLinesOf(name: string, body: AsyncIterable<Uint8Array> | null): AsyncGenerator {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body ?? []) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.flatMap((line) => valuesOf(name, line));
  }
  yield* valuesOf(name, rest + decoder.decode());
}

function valuesOf(name: string, line: string): unknown[] {
  if (line.trim() === '') {
    return [];
  }
  try {
    return [JSON.parse(line)];
  } catch {
    throw unreadable(name);
  }
}

export function unreadable(name: string): AskError {
  return new AskError('transient', `${name} sent a line of results that cannot be read`);
}
