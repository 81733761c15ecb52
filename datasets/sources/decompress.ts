// Decompresses gzip and zstd, told by the first bytes, and refuses what would grow without bound.
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';
import { BadInput } from '../../domain/bad-input.ts';
import { bombFreeBytes, maxExpansion, maxFileBytes } from './limits.ts';
import type { SourceFacts } from './source-file.ts';
import { withHead } from './with-head.ts';

type Decoder = Gunzip | ZstdDecompress;
const bufferBytes = 256 * 2 ** 10;

/**
 * The content of a file. Throws BadInput, at once or while it is read, for compressions that cannot be read, for a
 * file that ends early or is damaged, and for content of more than 1000 times the bytes read and 64 MiB.
 */
export async function decompressed(
  source: AsyncIterable<Uint8Array>,
  file: string,
): Promise<{ compression: SourceFacts['compression']; content: AsyncIterable<Uint8Array> }> {
  const { head, all } = await withHead(source, 8);
  if (head[0] === 0x1f && head[1] === 0x8b) {
    return { compression: 'gzip', content: expand(all, file, 'gzip', () => createGunzip({ chunkSize: bufferBytes })) };
  }
  if (isZstd(head)) {
    const make = (): Decoder => createZstdDecompress({ chunkSize: bufferBytes });
    return { compression: 'zstd', content: expand(all, file, 'zstd', make) };
  }
  const other = otherContainer(head);
  if (other !== undefined) {
    await all.return(undefined);
    throw new BadInput(`the file is ${other}, which cannot be read`, {
      where: file,
      hint: 'Unpack it, or compress it with gzip or zstd.',
    });
  }
  return { compression: 'none', content: all };
}

function isZstd(head: Buffer): boolean {
  const magic = head.length < 4 ? 0 : head.readUInt32LE(0);
  // A file may begin with a frame that is to be skipped.
  return magic === 0xfd2fb528 || (magic >= 0x184d2a50 && magic <= 0x184d2a5f);
}

function otherContainer(head: Buffer): string | undefined {
  const text = head.toString('latin1');
  return text.startsWith('PK\u{3}\u{4}')
    ? 'a ZIP archive (or an Excel workbook)'
    : text.startsWith('BZh')
      ? 'compressed with bzip2'
      : text.startsWith('\u{FD}7zXZ')
        ? 'compressed with xz'
        : text.startsWith('SQLite f')
          ? 'an SQLite database'
          : undefined;
}

/** Several members or frames follow one another as one content. Node reads members of gzip, but one frame of zstd. */
async function* expand(
  source: AsyncGenerator<Uint8Array>,
  file: string,
  name: string,
  make: () => Decoder,
): AsyncGenerator<Uint8Array> {
  const input = new CountedInput(source);
  let out = 0;
  try {
    while (await input.hasMore()) {
      for await (const piece of oneFrame(input, make())) {
        out += piece.length;
        refuseBomb(out, input.read, file);
        yield piece;
      }
    }
  } catch (error) {
    throw isCodecError(error) ? damaged(error, file, name) : error;
  } finally {
    await source.return(undefined);
  }
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function refuseBomb(out: number, read: number, file: string): void {
  if ((out > bombFreeBytes && out > read * maxExpansion) || out > maxFileBytes) {
    throw new BadInput(`${mib(read)} of the file grow to more than ${mib(out)} when decompressed`, {
      where: file,
      hint: `Files may grow ${maxExpansion}-fold and to ${maxFileBytes / 2 ** 30} GiB; decompress it yourself if it is what you want.`,
    });
  }
}

/** Bytes of a stream; those that a decoder was given and left can be taken again. */
class CountedInput {
  readonly #source: AsyncIterator<Uint8Array>;
  #left: Uint8Array | undefined;
  /** Bytes taken from the source. */
  read = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** False at the end, and for zeros up to the end: some tools pad with them. */
  async hasMore(): Promise<boolean> {
    for (let piece = await this.take(); piece !== undefined; piece = await this.take()) {
      const start = piece.findIndex((byte) => byte !== 0);
      if (start !== -1) {
        this.#left = piece.subarray(start);
        return true;
      }
    }
    return false;
  }

  async take(): Promise<Uint8Array | undefined> {
    if (this.#left !== undefined) {
      const piece = this.#left;
      this.#left = undefined;
      return piece;
    }
    for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next()) {
      this.read += next.value.length;
      if (next.value.length > 0) {
        return next.value;
      }
    }
    return undefined;
  }

  giveBack(bytes: Uint8Array): void {
    this.#left = bytes.length === 0 ? undefined : bytes;
  }
}

async function* oneFrame(input: CountedInput, decoder: Decoder): AsyncGenerator<Uint8Array> {
  const feed = async (): Promise<void> => {
    for (let written = 0; !decoder.destroyed;) {
      const piece = await input.take();
      if (piece === undefined) {
        decoder.end();
        return;
      }
      await new Promise<void>((resolve) => decoder.write(piece, () => resolve()));
      written += piece.length;
      const unread = written - decoder.bytesWritten;
      if (decoder.errored || unread > 0) {
        // What follows the frame is the next frame, or what is no frame at all.
        input.giveBack(piece.subarray(piece.length - unread));
        return;
      }
    }
  };
  // What the source throws ends the decoder, and with it the loop below.
  const feeding = feed().catch((error: unknown) => void decoder.destroy(asError(error)));
  try {
    const pieces: AsyncIterable<Uint8Array> = decoder;
    yield* pieces;
    await feeding;
  } finally {
    decoder.destroy();
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the source could not be read', { cause: error });
}

function isCodecError(error: unknown): error is Error & { code: string } {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(?:Z_|ZSTD_)/u.test(error.code)
  );
}

function damaged(error: Error & { code: string }, file: string, name: string): BadInput {
  return new BadInput(
    error.code === 'Z_BUF_ERROR'
      ? `the ${name} file is cut off, or damaged at its end`
      : `the ${name} file is damaged (${error.code})`,
    { where: file, hint: 'Fetch it again, and compare its size with that of the original.' },
  );
}
