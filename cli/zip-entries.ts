// Reads single entries of a ZIP file, such as the .eval logs of inspect_ai, without unpacking the rest.
// Format: PKWARE APPNOTE 6.3.10, https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
import type { FileHandle } from 'node:fs/promises';
import { crc32, inflateRawSync, zstdDecompressSync } from 'node:zlib';
import { BadInput } from '../domain/bad-input.ts';

interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly offset: number;
}

export interface ZipFile {
  /** Names in the order of the directory; of several entries of one name the last counts. */
  readonly names: readonly string[];
  /** Throws BadInput when the entry is broken, encrypted, or packed in a way that is not known. */
  read(name: string): Promise<Buffer>;
}

const [endMark, end64Mark, locatorMark, entryMark, localMark] = [
  0x06054b50, 0x06064b50, 0x07064b50, 0x02014b50, 0x04034b50,
];
/** The end record is 22 bytes and may be followed by a comment of 64 KiB. */
const longestEnd = 22 + 0xffff;
const longestDirectory = 256 * 2 ** 20;
const longestEntry = 512 * 2 ** 20;
const stored = 0;
const deflated = 8;
const zstandard = 93;

/** Throws BadInput when the file is no ZIP file, or its directory is cut off. */
export async function openZip(handle: FileHandle, file: string): Promise<ZipFile> {
  const broken = (what: string): BadInput =>
    new BadInput(`the ZIP file is broken: ${what}`, { where: file, hint: 'is it still being written, or cut off?' });
  const { size } = await handle.stat();
  const readAt = async (offset: number, length: number): Promise<Buffer> => {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await handle.read(buffer, 0, length, offset);
    if (offset < 0 || bytesRead !== length) {
      throw broken('it ends too early');
    }
    return buffer;
  };
  const { offset, bytes } = await findDirectory(readAt, size, broken);
  if (bytes > longestDirectory || offset + bytes > size) {
    throw broken('its directory lies outside of it');
  }
  const entries = new Map(readDirectory(await readAt(offset, bytes), broken).map((entry) => [entry.name, entry]));
  return {
    names: [...entries.keys()],
    async read(name) {
      const entry = entries.get(name);
      if (entry === undefined) {
        throw broken(`it has no entry ${name}`);
      }
      if (entry.encrypted || entry.bytes > longestEntry) {
        throw new BadInput(entry.encrypted ? 'the entry is encrypted' : 'the entry is larger than 512 MiB', {
          where: `${file}: ${name}`,
        });
      }
      const local = await readAt(entry.offset, 30);
      if (local.readUInt32LE(0) !== localMark) {
        throw broken(`${name} is not where the directory says`);
      }
      // Name and extra field may differ in length from those in the directory.
      const start = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
      const content = unpack(entry, await readAt(start, entry.compressedBytes), `${file}: ${name}`);
      if (content.length !== entry.bytes || crc32(content) !== entry.crc) {
        throw broken(`${name} does not match its checksum`);
      }
      return content;
    },
  };
}

type ReadAt = (offset: number, length: number) => Promise<Buffer>;

async function findDirectory(
  readAt: ReadAt,
  size: number,
  broken: (what: string) => BadInput,
): Promise<{ offset: number; bytes: number }> {
  const tailAt = Math.max(0, size - longestEnd);
  const tail = await readAt(tailAt, size - tailAt);
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== endMark) {
    at -= 1;
  }
  if (at < 0) {
    throw broken('it has no directory');
  }
  const found = { offset: tail.readUInt32LE(at + 16), bytes: tail.readUInt32LE(at + 12) };
  if (found.offset !== 0xffffffff && found.bytes !== 0xffffffff) {
    return found;
  }
  const locator = await readAt(tailAt + at - 20, 20);
  const end64 =
    locator.readUInt32LE(0) === locatorMark ? await readAt(Number(locator.readBigUInt64LE(8)), 56) : undefined;
  if (end64?.readUInt32LE(0) !== end64Mark) {
    throw broken('its 64-bit directory is missing');
  }
  return { offset: Number(end64.readBigUInt64LE(48)), bytes: Number(end64.readBigUInt64LE(40)) };
}

function readDirectory(directory: Buffer, broken: (what: string) => BadInput): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at < directory.length;) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== entryMark) {
      throw broken('its directory cannot be read');
    }
    const nameBytes = directory.readUInt16LE(at + 28);
    const extraBytes = directory.readUInt16LE(at + 30);
    const commentBytes = directory.readUInt16LE(at + 32);
    const extraAt = at + 46 + nameBytes;
    const sizes = wideSizes(directory.subarray(extraAt, extraAt + extraBytes), {
      bytes: directory.readUInt32LE(at + 24),
      compressedBytes: directory.readUInt32LE(at + 20),
      offset: directory.readUInt32LE(at + 42),
    });
    entries.push({
      name: directory.toString('utf8', at + 46, extraAt),
      method: directory.readUInt16LE(at + 10),
      encrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
      crc: directory.readUInt32LE(at + 16),
      ...sizes,
    });
    at = extraAt + extraBytes + commentBytes;
  }
  return entries;
}

type Sizes = Pick<ZipEntry, 'bytes' | 'compressedBytes' | 'offset'>;

/** Sizes of 4 GiB and more stand in the extra field with id 1, in this order, and only those that do not fit. */
function wideSizes(extra: Buffer, sizes: Sizes): Sizes {
  const wide = { ...sizes };
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) {
      continue;
    }
    let field = at + 4;
    for (const name of ['bytes', 'compressedBytes', 'offset'] as const) {
      if (sizes[name] === 0xffffffff && field + 8 <= extra.length) {
        wide[name] = Number(extra.readBigUInt64LE(field));
        field += 8;
      }
    }
  }
  return wide;
}

function unpack({ method, bytes }: ZipEntry, packed: Buffer, where: string): Buffer {
  // A longer content than the directory says would be a bomb, or a broken file.
  const options = { maxOutputLength: Math.max(bytes, 1) };
  try {
    switch (method) {
      case stored:
        return packed;
      case deflated:
        return inflateRawSync(packed, options);
      case zstandard:
        return zstdDecompressSync(packed, options);
      default:
    }
  } catch (error) {
    throw new BadInput('the entry cannot be unpacked', { where, cause: error });
  }
  throw new BadInput(`the entry is packed by method ${method}, which is not known`, {
    where,
    hint: 'known are stored, deflate (8) and Zstandard (93); `inspect log convert --to json` makes a JSON log',
  });
}
