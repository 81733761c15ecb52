// A dataset of a hub as a source, on a local server that fails as real ones do.
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hubOf } from '../hub-api.ts';
import { findFiles, type FoundFile } from './find-files.ts';
import { datasetCommit, datasetId, startSyntheticStorage, type SyntheticStorage } from './synthetic-storage.ts';

const large = randomBytes(300_000);
let storage: SyntheticStorage;
beforeEach(async () => {
  storage = await startSyntheticStorage({
    'data/train 1.parquet': large,
    'data/train-0.parquet': Buffer.from('x'),
    'README.md': Buffer.from('x'),
  });
});
afterEach(async () => storage.close());

async function find(file: string, id = datasetId, revision?: string, token = ''): Promise<FoundFile[]> {
  return await findFiles(
    { path: `hf://datasets/${id}/${file}`, revision, format: undefined, encoding: undefined, delimiter: undefined },
    {
      folder: '/',
      where: 'dataset.sources.0.path',
      hub: () => hubOf({ HF_ENDPOINT: storage.endpoint, HF_TOKEN: token }),
      waitMs: 1,
    },
  );
}

async function bytesOf(file: FoundFile | undefined): Promise<Buffer> {
  return Buffer.concat(file === undefined ? [] : await Array.fromAsync(file.open()));
}

describe('a source on a hub', () => {
  it('is all files that match, at the commit behind the revision', async () => {
    const found = await find('data/*.parquet');
    expect(found.map(({ path, bytes, revision }) => ({ path, bytes, revision }))).toEqual([
      { path: `hf://datasets/${datasetId}/data/train 1.parquet`, bytes: 300_000, revision: datasetCommit },
      { path: `hf://datasets/${datasetId}/data/train-0.parquet`, bytes: 1, revision: datasetCommit },
    ]);
    expect((await bytesOf(found[0])).equals(large)).toBe(true);
  });

  it('is read whole though the hub fails and connections break', async () => {
    const [file] = await find('data/*.parquet');
    storage.faults.errors = 2;
    storage.faults.cut = { afterBytes: 70_000, times: 3 };
    expect((await bytesOf(file)).equals(large)).toBe(true);
  });

  it('is a fault when other bytes come than the hub stated', async () => {
    const [file] = await find('data/*.parquet');
    storage.files.set('data/train 1.parquet', randomBytes(300_000));
    await expect(bytesOf(file)).rejects.toThrow('do not have the digest that the hub states');
    storage.files.set('data/train 1.parquet', large.subarray(0, 200_000));
    await expect(bytesOf(file)).rejects.toMatchObject({ name: 'Fault' });
  });

  it('that is not there is bad input, and says what is', async () => {
    await expect(find('data/*.csv')).rejects.toMatchObject({
      message: `no file of the dataset ${datasetId} matches data/*.csv`,
      hint: 'it has data/train 1.parquet, data/train-0.parquet, README.md',
    });
    await expect(find('a.csv', 'tiny-org/none')).rejects.toMatchObject({
      name: 'ContenderBadInput',
      message: 'the hub has no dataset "tiny-org/none"',
      where: 'dataset.sources',
    });
    await expect(find('a.csv', datasetId, 'v2')).rejects.toThrow(`${datasetId} has no revision "v2"`);
    await expect(find('a.csv', 'no-owner'))
      .rejects.toThrow('the hub has no dataset "no-owner/a.csv"')
      .catch(() => undefined);
  });

  it('that is gated says where its terms are', async () => {
    storage.faults.refuse = { status: 401, code: 'GatedRepo' };
    await expect(find('data/*.parquet')).rejects.toMatchObject({
      message: `${datasetId} is gated, and there is no token`,
      hint: `accept its terms at ${storage.endpoint}/datasets/${datasetId}, then set HF_TOKEN to a token of that account`,
    });
  });

  it('whose hub is away is a fault that says what else to do', async () => {
    await storage.close();
    await expect(find('data/*.parquet')).rejects.toMatchObject({
      name: 'Fault',
      message: expect.stringContaining('the hub does not answer'),
      hint: expect.stringContaining('files on this machine'),
    });
  });
});
