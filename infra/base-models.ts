// Base models as they lie on this machine: found by name under the home folder, identified by digest.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, realpath, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import type { BaseModel } from '../activities/deps.ts';
import { BadInput } from '../domain/bad-input.ts';
import { hashOf } from '../domain/canonical.ts';

/** Files that change what the model answers. */
const relevant = /(?:\.safetensors|\.json|\.jinja|\.model|merges\.txt|vocab\.txt)$/u;
const cacheSchema = z.record(z.string(), z.strictObject({ stamp: z.string(), sha256: z.string() }));

/** Finds a base by its catalogue name. Throws BadInput naming the models there are. */
export async function findBase(home: string, name: string): Promise<BaseModel> {
  const folder = join(home, 'models', name);
  if (name.includes('/') || !(await isFolder(folder))) {
    const listed = await readdir(join(home, 'models')).catch(() => []);
    const names = listed.filter((other) => !other.startsWith('.'));
    throw new BadInput(`base model "${name}" is not on this machine`, {
      where: 'model.base',
      hint:
        names.length === 0
          ? 'there are no models yet; `npm run demo` prepares smollm2-135m-instruct, or give the path of a folder'
          : `did you mean "${closest(name, names)}"? Or give the path of a folder with config.json, a tokenizer and safetensors weights`,
    });
  }
  return { name, folder: await realpath(folder), sha256: await baseDigest(home, folder) };
}

/** Makes a folder that a recipe names known under its own name, so that workers find it. */
export async function linkBase(home: string, folder: string): Promise<string> {
  const target = resolve(folder);
  const name = basename(target).toLowerCase();
  if (!(await isFolder(target))) {
    throw new BadInput(`there is no folder ${folder}`, {
      where: 'model.base',
      hint: 'give the folder of a model in Hugging Face layout',
    });
  }
  const link = join(home, 'models', name);
  await mkdir(join(home, 'models'), { recursive: true });
  await symlink(target, link).catch(async () => {
    if ((await realpath(link).catch(() => '')) !== (await realpath(target))) {
      throw new BadInput(`another model is known as "${name}"`, {
        where: 'model.base',
        hint: `rename one of the folders, or remove ${link}`,
      });
    }
  });
  return name;
}

/** SHA-256 over the digests of weights, configuration, tokenizer and template; remembered by size and time. */
export async function baseDigest(home: string, folder: string): Promise<string> {
  const names = await relevantNames(folder);
  if (!names.includes('config.json') || !names.some((name) => name.endsWith('.safetensors'))) {
    throw new BadInput(`${folder} is not a model: it needs config.json and safetensors weights`, {
      where: 'model.base',
      hint: 'weights in pickle format (.bin, .pt) are never loaded; convert them to safetensors',
    });
  }
  const stamp = await stampOf(folder, names);
  const known = (await readCache(cacheFile(home)))[folder];
  if (known?.stamp === stamp) {
    return known.sha256;
  }
  const digests: Record<string, string> = {};
  for (const name of names) {
    digests[name] = await fileDigest(join(folder, name));
  }
  const sha256 = hashOf(digests);
  await keep(home, folder, { stamp, sha256 });
  return sha256;
}

/**
 * The digest of a model whose files' digests are known, kept for the folder to which `staging` will be renamed, so
 * that weights just verified are not read again.
 */
export async function rememberDigest(
  home: string,
  folder: string,
  staging: string,
  digests: Readonly<Record<string, string>>,
): Promise<string> {
  const names = await relevantNames(staging);
  const sha256 = hashOf(Object.fromEntries(names.map((name) => [name, digests[name]])));
  await keep(home, folder, { stamp: await stampOf(staging, names), sha256 });
  return sha256;
}

async function relevantNames(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => relevant.test(name)).toSorted();
}

async function stampOf(folder: string, names: readonly string[]): Promise<string> {
  const stats = await Promise.all(names.map((name) => stat(join(folder, name))));
  return hashOf(names.map((name, index) => [name, stats[index]?.size, stats[index]?.mtimeMs]));
}

function cacheFile(home: string): string {
  return join(home, 'cache', 'base-digests.json');
}

async function keep(home: string, folder: string, entry: { stamp: string; sha256: string }): Promise<void> {
  const file = cacheFile(home);
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}-${Math.random().toString(36).slice(2)}`;
  await writeFile(draft, JSON.stringify({ ...(await readCache(file)), [folder]: entry }));
  await rename(draft, file);
}

/** A cache that cannot be read costs one more hashing, nothing else. */
async function readCache(file: string): Promise<z.infer<typeof cacheSchema>> {
  try {
    return cacheSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return {};
  }
}

async function fileDigest(file: string): Promise<string> {
  const hash = createHash('sha256');
  const stream: AsyncIterable<Buffer> = createReadStream(file, { highWaterMark: 1 << 20 });
  for await (const chunk of stream) {
    hash.update(chunk);
  }
  return hash.digest('hex');
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
