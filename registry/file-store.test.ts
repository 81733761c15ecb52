// The file store keeps the contract, and what only a disk can do to it.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileStore } from './file-store.ts';
import { keysOf, storeContract } from './store-contract.ts';
import { StoreNoSpace } from './store-errors.ts';

const folder = await mkdtemp(join(tmpdir(), 'contender-store-'));
let stores = 0;
const freshFolder = (): string => join(folder, String((stores += 1)), 'made', 'when', 'needed');

afterAll(async () => rm(folder, { recursive: true, force: true }));

storeContract('the file store', () => fileStore(freshFolder()));

describe('the file store', () => {
  it('never lists what a crashed writer left behind', async () => {
    const root = freshFolder();
    const store = fileStore(root);
    await store.put('kept', 'x');
    await writeFile(join(root, '~tmp', 'left-behind'), 'half');
    await writeFile(join(root, 'not a key'), 'half');
    expect(await keysOf(store)).toEqual(['kept']);
  });

  it('cleans up its temporary files', async () => {
    const root = freshFolder();
    const store = fileStore(root);
    await Promise.all([store.putIfAbsent('a', '1'), store.putIfAbsent('a', '2'), store.put('b', '3')]);
    expect(await readdir(join(root, '~tmp'))).toEqual([]);
  });

  it('lets one of many writers in different stores of the same folder win', async () => {
    const root = freshFolder();
    const outcomes = await Promise.all(
      Array.from({ length: 32 }, async (_, writer) => fileStore(root).putIfAbsent('key', `writer ${writer}`)),
    );
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
  });
});

const disk = join(folder, 'small-disk');
const mountable = process.platform === 'linux' && process.getuid?.() === 0 && canMount();

function canMount(): boolean {
  const tried = spawnSync('sh', ['-c', 'mkdir -p "$0" && mount -t tmpfs -o size=256k tmpfs "$0" && umount "$0"', disk]);
  return tried.status === 0;
}

describe.skipIf(!mountable)('the file store on a full disk (needs the right to mount a tmpfs)', () => {
  beforeEach(() => void spawnSync('sh', ['-c', 'mount -t tmpfs -o size=256k tmpfs "$0"', disk]));
  afterEach(() => void spawnSync('sh', ['-c', 'umount "$0"', disk]));

  it('raises StoreNoSpace naming the key, and leaves no truncated object and no temporary file', async () => {
    const store = fileStore(disk);
    await store.put('before', 'x'.repeat(100_000));
    const large = new Uint8Array(400_000);
    await expect(store.put('a/new', large)).rejects.toThrow(StoreNoSpace);
    await expect(store.putIfAbsent('a/new', large)).rejects.toThrow(StoreNoSpace);
    await expect(store.put('before', large)).rejects.toThrow(StoreNoSpace);
    await expect(store.put('a/new', large)).rejects.toThrow(/no space left for a\/new in file:/u);
    expect(await keysOf(store)).toEqual(['before']);
    expect((await store.get('before'))?.length).toBe(100_000);
    expect(await readdir(join(disk, '~tmp'))).toEqual([]);
  });
});
