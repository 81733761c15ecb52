import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { syntheticZip } from './synthetic-zip.ts';
import { openZip } from './zip-entries.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contender-zip-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

async function readEntry(bytes: Buffer, name = 'a.json'): Promise<string> {
  const path = join(folder, 'log.zip');
  await writeFile(path, bytes);
  await using handle = await open(path);
  const zip = await openZip(handle, 'log.zip');
  return (await zip.read(name)).toString('utf8');
}

const text = JSON.stringify({ answer: 'Grüße 💳'.repeat(200) });

describe('an entry of a ZIP file', () => {
  it.each([
    ['stored', 0],
    ['deflated', 8],
    ['packed by Zstandard', 93],
  ] as const)('is read when it is %s', async (_, method) => {
    expect(
      await readEntry(
        syntheticZip([
          { name: 'x', text: 'y' },
          { name: 'a.json', text, method },
        ]),
      ),
    ).toBe(text);
  });

  it('is the last of its name, and may be followed by a comment', async () => {
    const twice = [
      { name: 'a.json', text: 'old' },
      { name: 'a.json', text: 'new' },
    ];
    expect(await readEntry(syntheticZip(twice, 'a comment PK'))).toBe('new');
  });

  it.each([
    ['is packed by a method nobody knows', { method: 14 } as const, /packed by method 14/u],
    ['is encrypted', { says: { encrypted: true } }, /encrypted/u],
    ['has another checksum', { says: { crc: 1 } }, /a\.json does not match its checksum/u],
    ['unpacks to more than it says', { says: { bytes: 10 } }, /cannot be unpacked/u],
    ['says that it is larger than any log', { says: { bytes: 0xfffffff0 } }, /larger than 512 MiB/u],
  ])('is refused when it %s', async (_, change, message) => {
    await expect(readEntry(syntheticZip([{ name: 'a.json', text, ...change }]))).rejects.toThrow(message);
  });

  it('is refused in a file that is cut off, at whatever byte', async () => {
    const whole = syntheticZip([{ name: 'a.json', text }]);
    for (let length = 4; length < whole.length; length += 7) {
      await expect(readEntry(whole.subarray(0, length)), `${length} bytes`).rejects.toThrow('the ZIP file is broken');
    }
  });

  it('is refused where the directory points elsewhere', async () => {
    const astray = syntheticZip([{ name: 'a.json', text }]);
    astray.writeUInt32LE(0, 0);
    await expect(readEntry(astray)).rejects.toThrow('a.json is not where the directory says');
  });
});
