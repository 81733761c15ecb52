// Lines of UTF-8 text that end at line feeds alone. Node's readline also breaks at U+2028 and U+2029, which JSON
// leaves as they are in texts.

/** Lines without their line feeds, empty ones left out. Throws TypeError for bytes that are not UTF-8. */
export async function* textLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') {
        yield line;
      }
    }
  }
  const last = rest + decoder.decode();
  if (last !== '') {
    yield last;
  }
}
