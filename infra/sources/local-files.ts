// Finds source files on this machine: one by its path, or all that match a glob.
import { createReadStream, type Stats } from 'node:fs';
import { glob, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { BadInput } from '../../domain/bad-input.ts';
import type { FindContext, FoundFile } from './find-files.ts';
import { globBase } from './glob-base.ts';

/**
 * A path with glob characters that is the name of a file is that file. Folders that match are left out. Throws BadInput
 * for what is neither file nor folder, and for a match that a link places outside of the glob's own folder.
 */
export async function findLocalFiles(path: string, { folder, where }: FindContext): Promise<FoundFile[]> {
  const plain = resolve(folder, path);
  const { base, pattern } = globBase(path.replaceAll(sep, '/'));
  const found = await stat(plain).catch(() => undefined);
  if (pattern === undefined || found?.isFile() === true) {
    return [checked(path, plain, found, where)];
  }
  const root = resolve(folder, base);
  const real = await realpath(root).catch(() => {
    throw new BadInput(`there is no folder ${base}`, { where, hint: 'paths are relative to the recipe' });
  });
  const files: FoundFile[] = [];
  for (const name of new Set(await Array.fromAsync(glob(pattern, { cwd: root })))) {
    const local = join(root, name);
    const entry = await stat(local).catch(() => undefined);
    if (entry?.isDirectory() === true) {
      continue;
    }
    if (!(await realpath(local).catch(() => local)).startsWith(real.endsWith(sep) ? real : real + sep)) {
      throw new BadInput(`${base}${name} is a link that leads out of ${base === '' ? 'its folder' : base}`, {
        where,
        hint: 'name the file that it leads to as a source of its own, or narrow the glob',
      });
    }
    files.push(checked(`${base}${name.replaceAll(sep, '/')}`, local, entry, where));
  }
  return files;
}

function checked(path: string, local: string, found: Stats | undefined, where: string): FoundFile {
  if (found === undefined) {
    throw new BadInput(`there is no file ${path}`, {
      where,
      hint: 'paths are relative to the recipe; `npm run demo` prepares the data of the example recipes',
    });
  }
  if (!found.isFile()) {
    throw new BadInput(found.isDirectory() ? `${path} is a folder` : `${path} is no regular file`, {
      where,
      hint: found.isDirectory()
        ? `name its files, such as ${path.replace(/\/$/u, '')}/*.jsonl`
        : 'write it to a file first',
    });
  }
  return { path, local, bytes: found.size, open: () => createReadStream(local, { highWaterMark: 256 * 1024 }) };
}
