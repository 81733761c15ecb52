// ZIP files for the tests of the reader, with entries packed in any way, also in wrong ones.
import { crc32, deflateRawSync, zstdCompressSync } from 'node:zlib';

export interface SyntheticEntry {
  readonly name: string;
  readonly text: string;
  readonly method?: 0 | 8 | 93 | 14;
  /** Changes what the directory says. */
  readonly says?: { readonly crc?: number; readonly bytes?: number; readonly encrypted?: boolean };
}

const pack = {
  0: (content: Buffer) => content,
  8: (content: Buffer) => deflateRawSync(content),
  93: (content: Buffer) => zstdCompressSync(content),
  14: (content: Buffer) => content,
} as const;

export function syntheticZip(entries: readonly SyntheticEntry[], comment = ''): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, text, method = 8, says = {} } of entries) {
    const content = Buffer.from(text);
    const packed = pack[method](content);
    const nameBytes = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(nameBytes.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(says.encrypted === true ? 1 : 0, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(says.crc ?? crc32(content), 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(says.bytes ?? content.length, 24);
    entry.writeUInt16LE(nameBytes.length, 28);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, nameBytes);
    parts.push(local, nameBytes, packed);
    offset += local.length + nameBytes.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, ...directory, end, Buffer.from(comment)]);
}
