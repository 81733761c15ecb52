// Removes the byte order mark of a text file, and refuses what is not UTF-8 on sight.
import { BadInput } from '../domain/bad-input.ts';

/**
 * The stream without a UTF-8 byte order mark. Throws BadInput for a file that begins like UTF-16 or UTF-32, and
 * for one without any bytes.
 */
export async function* withoutByteOrderMark(
  source: AsyncIterable<Uint8Array>,
  file: string,
): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of source) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length >= 3) {
      yield afterMark(head, file);
      head = undefined;
    }
  }
  if (head !== undefined) {
    if (head.length === 0) {
      throw new BadInput('the file is empty', { where: file });
    }
    yield afterMark(head, file);
  }
}

function afterMark(head: Uint8Array, file: string): Uint8Array {
  const [first, second, third] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new BadInput('the file is UTF-16', { where: file, hint: 'Save it as UTF-8.' });
  }
  return first === 0xef && second === 0xbb && third === 0xbf ? head.subarray(3) : head;
}
