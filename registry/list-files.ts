// Walks a file store in the order in which S3 would list it.
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkedKey } from './key.ts';

/**
 * Keys below `root` that start with `prefix`, in code-unit order, those after `after` when given. Holds one
 * folder's names at a time. Files whose names are no keys (temporary files) are not listed.
 */
export async function* listFiles(root: string, prefix: string, after: string | undefined): AsyncGenerator<string> {
  yield* walk(root, prefix.slice(0, prefix.lastIndexOf('/') + 1), { prefix, after });
}

async function* walk(
  root: string,
  folder: string,
  wanted: { prefix: string; after: string | undefined },
): AsyncGenerator<string> {
  for (const key of await entriesOf(root, folder)) {
    if (key.endsWith('/')) {
      if (mayHold(key, wanted)) {
        yield* walk(root, key, wanted);
      }
    } else if (key.startsWith(wanted.prefix) && (wanted.after === undefined || key > wanted.after)) {
      yield key;
    }
  }
}

/** Keys of files and, with a closing slash, folders directly inside `folder`: sorted so that whole keys come in order. */
async function entriesOf(root: string, folder: string): Promise<string[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      return [];
    }
    throw error;
  }
  return entries
    .filter((entry) => (entry.isDirectory() || entry.isFile()) && isKey(entry.name))
    .map((entry) => folder + entry.name + (entry.isDirectory() ? '/' : ''))
    .toSorted();
}

function mayHold(folder: string, { prefix, after }: { prefix: string; after: string | undefined }): boolean {
  const matches = folder.startsWith(prefix) || prefix.startsWith(folder);
  return matches && (after === undefined || folder > after || after.startsWith(folder));
}

function isKey(name: string): boolean {
  try {
    checkedKey(name);
    return true;
  } catch {
    return false;
  }
}
