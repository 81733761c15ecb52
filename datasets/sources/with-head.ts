// Looks at the beginning of a stream without taking it away.

/** The first bytes of a stream (fewer when it is shorter), and the whole of it. Close `all` by returning from it. */
export async function withHead(
  source: AsyncIterable<Uint8Array>,
  bytes: number,
): Promise<{ head: Buffer; all: AsyncGenerator<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  let have = 0;
  while (have < bytes) {
    const next = await iterator.next();
    if (next.done === true) {
      break;
    }
    pieces.push(next.value);
    have += next.value.length;
  }
  const first = Buffer.concat(pieces);
  return { head: first.subarray(0, bytes), all: rejoined(first, iterator) };
}

async function* rejoined(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (first.length > 0) {
      yield first;
    }
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
      yield next.value;
    }
  } finally {
    await rest.return?.();
  }
}
