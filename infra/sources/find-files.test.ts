import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFiles } from './find-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'contender-files-')));
  await mkdir(join(folder, 'recipes/data/deep'), { recursive: true });
  await mkdir(join(folder, 'secret'));
  for (const name of ['data/b.csv', 'data/a.csv', 'data/B.csv', 'data/deep/c.csv', 'data/[x].csv', '../secret/s.csv']) {
    await writeFile(join(folder, 'recipes', name), 'text\na\n');
  }
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

function noHub(): never {
  throw new Error('no hub is asked');
}

async function find(path: string): Promise<string[]> {
  const source = { path, revision: undefined, format: undefined, encoding: undefined, delimiter: undefined };
  const files = await findFiles(source, {
    folder: join(folder, 'recipes'),
    where: 'dataset.sources.0.path',
    hub: noHub,
  });
  for (const file of files) {
    expect(Buffer.concat(await Array.fromAsync(file.open())).length).toBe(file.bytes);
  }
  return files.map((file) => file.path);
}

describe('the path of a source', () => {
  it('names a file, relative to the recipe, also beside it', async () => {
    expect(await find('data/a.csv')).toEqual(['data/a.csv']);
    expect(await find('./data/../../secret/s.csv')).toEqual(['./data/../../secret/s.csv']);
    expect(await find(join(folder, 'secret/s.csv'))).toEqual([join(folder, 'secret/s.csv')]);
    expect(await find('data/[x].csv')).toEqual(['data/[x].csv']);
  });

  it('may be a glob: sorted by code units, each file once', async () => {
    expect(await find('data/*.csv')).toEqual(['data/B.csv', 'data/[x].csv', 'data/a.csv', 'data/b.csv']);
    expect(await find('data/**/{c,a,?}.csv')).toEqual(['data/B.csv', 'data/a.csv', 'data/b.csv', 'data/deep/c.csv']);
    expect(await find('../secret/*')).toEqual(['../secret/s.csv']);
  });

  it('may be a file URL, also with a glob', async () => {
    const data = pathToFileURL(join(folder, 'recipes/data')).href;
    expect(await find(`${data}/a.csv`)).toEqual([`${data}/a.csv`]);
    expect(await find(`${data}/?.csv`)).toEqual([`${data}/B.csv`, `${data}/a.csv`, `${data}/b.csv`]);
    await expect(find('file://host/share/a.csv')).rejects.toThrow('is no file URL');
  });

  it('leads nowhere out of the folder of its glob', async () => {
    await symlink(join(folder, 'secret/s.csv'), join(folder, 'recipes/data/z.csv'));
    await expect(find('data/*.csv')).rejects.toThrow('data/z.csv is a link that leads out of data/');
    await rm(join(folder, 'recipes/data/z.csv'));
    await symlink(join(folder, 'secret'), join(folder, 'recipes/data/linked'));
    expect(await find('data/**/*.csv')).not.toContain('data/linked/s.csv');
    await expect(find('data/*/s.csv')).rejects.toThrow('no file matches data/*/s.csv');
    await expect(find('data/{linked,deep}/s.csv')).rejects.toThrow(
      'data/linked/s.csv is a link that leads out of data/',
    );
  });

  it.each([
    ['nothing', 'data/none.csv', 'there is no file data/none.csv'],
    ['no match', 'data/*.jsonl', 'no file matches data/*.jsonl'],
    ['no folder', 'none/*.csv', 'there is no folder none/'],
    ['a folder', 'data', 'data is a folder'],
    ['a device', '/dev/null', '/dev/null is no regular file'],
    ['a NUL character', 'data/a.csv\0.txt', 'the path holds a NUL character'],
    ['another scheme', 'ftp://host/a.csv', 'sources cannot be read from ftp://'],
  ])('that names %s is bad input', async (_, path, message) => {
    const error: unknown = await find(path).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ContenderBadInput', where: 'dataset.sources.0.path', message });
  });

  it('that names a pipe is bad input, also through a glob, and nobody waits for it', async () => {
    execFileSync('mkfifo', [join(folder, 'recipes/data/pipe.csv')]);
    await expect(find('data/pipe.csv')).rejects.toThrow('data/pipe.csv is no regular file');
    await expect(find('data/p*.csv')).rejects.toThrow('data/pipe.csv is no regular file');
  });
});
