// S3 as a source, on a local server that fails as real ones do.
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFiles, type FoundFile } from './find-files.ts';
import { startSyntheticStorage, type SyntheticStorage } from './synthetic-storage.ts';

const large = randomBytes(300_000);
let storage: SyntheticStorage;
beforeEach(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  storage = await startSyntheticStorage({
    'data/b.jsonl': large,
    'data/a.jsonl': Buffer.from('{"a":1}\n'),
    'data/deep/c.jsonl': Buffer.from('{"a":2}\n'),
    'data/': Buffer.alloc(0),
    'data/notes.txt': Buffer.from('x'),
    'empty.jsonl': Buffer.alloc(0),
  });
});
afterEach(async () => storage.close());

function noHub(): never {
  throw new Error('no hub is asked');
}

async function find(key: string): Promise<FoundFile[]> {
  const path = `s3://rows/${key}?endpoint=${storage.endpoint}`;
  return await findFiles(
    { path, revision: undefined, format: undefined, encoding: undefined, delimiter: undefined },
    { folder: '/', where: 'dataset.sources.0.path', hub: noHub, waitMs: 1 },
  );
}

async function bytesOf(file: FoundFile | undefined): Promise<Buffer> {
  return Buffer.concat(file === undefined ? [] : await Array.fromAsync(file.open()));
}

const contentRequests = (): string[] => storage.requests.filter((line) => line.startsWith('GET /rows/data/b.jsonl'));

describe('a source on S3', () => {
  it('is one object, or all that match a glob, over all pages of the list', async () => {
    expect((await find('data/a.jsonl')).map(({ path, bytes }) => ({ path, bytes }))).toEqual([
      { path: 's3://rows/data/a.jsonl', bytes: 8 },
    ]);
    expect((await find('data/*.jsonl')).map(({ path }) => path)).toEqual([
      's3://rows/data/a.jsonl',
      's3://rows/data/b.jsonl',
    ]);
    expect((await find('data/**/*.jsonl')).map(({ path }) => path)).toHaveLength(3);
    expect((await find('data/?.jsonl')).map(({ path }) => path)).toHaveLength(2);
    expect(await bytesOf((await find('empty.jsonl'))[0])).toEqual(Buffer.alloc(0));
  });

  it('is read whole though the server fails and connections break', async () => {
    const [file] = await find('data/b.jsonl');
    storage.faults.errors = 3;
    storage.faults.cut = { afterBytes: 70_000, times: 4 };
    expect((await bytesOf(file)).equals(large)).toBe(true);
    // It goes on where it was: three failures, four cuts, and the rest.
    expect(contentRequests()).toHaveLength(8);
    expect(contentRequests().at(-1)).toMatch(/bytes=\d{5,}-$/u);
  });

  it('is read whole from a server that ignores ranges', async () => {
    const [file] = await find('data/b.jsonl');
    storage.faults.cut = { afterBytes: 70_000, times: 2 };
    storage.faults.ignoreRange = true;
    expect((await bytesOf(file)).equals(large)).toBe(true);
  });

  it('is a fault that names it when the server keeps failing', async () => {
    const [file] = await find('data/b.jsonl');
    storage.faults.errors = Infinity;
    await expect(bytesOf(file)).rejects.toMatchObject({
      name: 'Fault',
      where: 's3://rows/data/b.jsonl',
      message: 'the file cannot be read beyond byte 0 of 300000',
    });
    expect(contentRequests().length).toBeLessThan(10);
  });

  it('is a fault when it changes while it is read', async () => {
    const [file] = await find('data/b.jsonl');
    storage.faults.cut = { afterBytes: 70_000, times: 1 };
    let answers = 0;
    storage.faults.onContent = () => {
      answers += 1;
      if (answers === 1) {
        storage.files.set('data/b.jsonl', randomBytes(300_000));
      }
    };
    await expect(bytesOf(file)).rejects.toMatchObject({
      name: 'Fault',
      message: 'the object was changed while it was read',
    });
  });

  it('that is not there, or not to be read, is bad input', async () => {
    await expect(find('data/z.jsonl')).rejects.toMatchObject({
      name: 'ContenderBadInput',
      message: 'there is no object s3://rows/data/z.jsonl',
      where: 'dataset.sources.0.path',
    });
    await expect(find('data/*.csv')).rejects.toThrow('no file matches s3://rows/data/*.csv');
    await expect(find('data/')).rejects.toThrow('names no object of S3');
    storage.faults.refuse = { status: 403, code: 'AccessDenied' };
    await expect(find('data/*.jsonl')).rejects.toThrow('these credentials may not read s3://rows/data/*.jsonl');
  });

  it('whose server is away is a fault', async () => {
    await storage.close();
    await expect(find('data/a.jsonl')).rejects.toMatchObject({ name: 'Fault', where: 's3://rows/data/a.jsonl' });
  }, 20_000);
});
