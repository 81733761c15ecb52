// Finds out the encoding of a text file, and turns the text into UTF-8.
import { isUtf8 } from 'node:buffer';
import { BadInput } from '../../domain/bad-input.ts';
import { headBytes } from './limits.ts';
import { withHead } from './with-head.ts';

/** The text in UTF-8 without a byte order mark, and the WHATWG name of the encoding it was taken for. */
export interface Utf8Text {
  readonly encoding: string;
  readonly text: AsyncIterable<Uint8Array>;
}

/**
 * The encoding is the one stated; else that of a byte order mark; else UTF-8 when the first 64 KiB are; else the
 * most likely one. Bytes of a UTF-8 file pass as they are: later readers find where they are broken. Throws BadInput
 * for an encoding that nobody can decode and, while it is read, for bytes that are none of the encoding.
 */
export async function utf8Text(
  source: AsyncIterable<Uint8Array>,
  { file, stated }: { readonly file: string; readonly stated?: string | undefined },
): Promise<Utf8Text> {
  const { head, all } = await withHead(source, headBytes);
  try {
    if (head.length === 0) {
      throw new BadInput('the file is empty', { where: file });
    }
    const encoding = stated === undefined ? await detect(head, file) : named(stated, file, 'source');
    if (encoding === 'utf-8') {
      return { encoding, text: withoutMark(all) };
    }
    const fatal = new TextDecoder(encoding, { fatal: true });
    return { encoding, text: decoded(all, fatal, file, stated !== undefined) };
  } catch (error) {
    await all.return(undefined);
    throw error;
  }
}

/** The name under which TextDecoder knows an encoding. */
function named(label: string, file: string, by: 'source' | 'look'): string {
  try {
    return new TextDecoder(label).encoding;
  } catch (cause) {
    throw by === 'source'
      ? new BadInput(`there is no encoding "${label}"`, {
          where: file,
          hint: 'Names are those of the WHATWG Encoding standard, such as utf-8, utf-16le, windows-1252, shift_jis.',
          cause,
        })
      : new BadInput(`the file seems to be ${label}, which cannot be read`, {
          where: file,
          hint: 'Save it as UTF-8.',
          cause,
        });
  }
}

async function detect(head: Buffer, file: string): Promise<string> {
  const marked = byMark(head);
  if (marked !== undefined) {
    return named(marked, file, 'look');
  }
  // The head may end within a character.
  if (isUtf8(head) || (head.length === headBytes && [1, 2, 3].some((cut) => isUtf8(head.subarray(0, -cut))))) {
    return byZeros(head) ?? 'utf-8';
  }
  if (isMostlyUtf8(head)) {
    return 'utf-8';
  }
  const wide = byZeros(head);
  if (wide !== undefined) {
    return wide;
  }
  // Loaded for the few files that need it.
  const { detect: guess } = await import('chardet');
  const likely = guess(head);
  return likely === null || likely === 'UTF-8' || likely === 'ASCII' ? 'windows-1252' : named(likely, file, 'look');
}

function byMark(head: Buffer): string | undefined {
  const [first, second, third, fourth] = head;
  if (first === 0xff && second === 0xfe) {
    return third === 0 && fourth === 0 ? 'UTF-32' : 'utf-16le';
  }
  if (first === 0xfe && second === 0xff) {
    return 'utf-16be';
  }
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : undefined;
}

/** UTF-16 without a mark: in most scripts' punctuation and digits every other byte is 0. */
function byZeros(head: Buffer): string | undefined {
  const zeros = [0, 0];
  for (const [index, byte] of head.entries()) {
    if (byte === 0) {
      zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
    }
  }
  const [even = 0, odd = 0] = zeros;
  const many = head.length * 0.2;
  return odd > many && even < odd / 10 ? 'utf-16le' : even > many && odd < even / 10 ? 'utf-16be' : undefined;
}

/** UTF-8 with broken bytes, rather than another encoding: there are more characters of several bytes than broken bytes. */
function isMostlyUtf8(head: Buffer): boolean {
  const text = head.toString('utf8');
  let broken = 0;
  let beyondAscii = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    broken += unit === 0xfffd ? 1 : 0;
    beyondAscii += unit > 0x7f && unit !== 0xfffd ? 1 : 0;
  }
  return beyondAscii >= broken;
}

async function* withoutMark(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const piece of source) {
    // The first piece holds the head, thus the whole mark.
    yield first && piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf ? piece.subarray(3) : piece;
    first = false;
  }
}

async function* decoded(
  source: AsyncIterable<Uint8Array>,
  decoder: InstanceType<typeof TextDecoder>,
  file: string,
  stated: boolean,
): AsyncGenerator<Uint8Array> {
  let line = 1;
  const decode = (piece?: Uint8Array): string => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
    } catch (cause) {
      throw new BadInput(`the text is not ${decoder.encoding} throughout`, {
        where: `${file}: at or after line ${line}`,
        hint: stated
          ? 'State another `encoding` in the source, or save the file as UTF-8.'
          : 'State the `encoding` in the source, or save the file as UTF-8.',
        cause,
      });
    }
  };
  for await (const whole of source) {
    for (let start = 0; start < whole.length; start += headBytes) {
      const bytes = Buffer.from(decode(whole.subarray(start, start + headBytes)));
      for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, end + 1)) {
        line += 1;
      }
      yield bytes;
    }
  }
  yield Buffer.from(decode());
}
