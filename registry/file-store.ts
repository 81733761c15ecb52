// The object store on a local file system: the embedded default.
import { createReadStream } from 'node:fs';
import { link, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BadInput } from '../domain/bad-input.ts';
import { makeFolder, syncFolder, withTemporaryFile } from './durable-file.ts';
import { checkedKey, checkedPrefix } from './key.ts';
import { listFiles } from './list-files.ts';
import { StoreNoSpace } from './store-errors.ts';
import type { ObjectStore, PutOptions } from './store.ts';

/**
 * Objects as files below a folder, which is made when first written to. An object appears by rename or hard
 * link once its bytes are synced, so a crash leaves a whole object or none. A full disk or quota raises StoreNoSpace.
 */
export function fileStore(rootFolder: string): ObjectStore {
  const root = resolve(rootFolder);
  const uri = pathToFileURL(root).href;
  const pathOf = (key: string): string => join(root, checkedKey(key));

  async function write<T>(
    key: string,
    content: Uint8Array | string | AsyncIterable<Uint8Array>,
    publish: (temporary: string, path: string) => Promise<T>,
    { durable = true }: PutOptions = {},
  ): Promise<T> {
    const path = pathOf(key);
    try {
      const place = async (temporary: string): Promise<T> => {
        await makeFolder(dirname(path));
        const outcome = await publish(temporary, path);
        if (durable) {
          await syncFolder(dirname(path));
        }
        return outcome;
      };
      return await withTemporaryFile(root, content, place, { synced: durable });
    } catch (error) {
      throw codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT'
        ? new StoreNoSpace(key, { uri, cause: error })
        : error;
    }
  }

  return {
    uri,
    async get(key) {
      return unlessMissing(readFile(pathOf(key)));
    },
    async getStream(key) {
      const path = pathOf(key);
      const found = await unlessMissing(stat(path));
      return found?.isFile() === true ? streamOf(path) : undefined;
    },
    put: (key, body) => write(key, body, rename),
    putStream: (key, body) => write(key, body, rename),
    async putIfAbsent(key, body, options) {
      if ((await unlessMissing(stat(pathOf(key)))) !== undefined) {
        return 'exists';
      }
      return write(key, body, linkIfAbsent, options);
    },
    async *list(prefix, { after } = {}) {
      yield* listFiles(root, checkedPrefix(prefix), after);
    },
  };
}

async function linkIfAbsent(temporary: string, path: string): Promise<'created' | 'exists'> {
  try {
    await link(temporary, path);
    return 'created';
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') {
      return 'exists';
    }
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS') {
      throw new BadInput('the file system of the object store has no hard links, which put-if-absent needs', {
        where: path,
        hint: 'Put the store on a local disk (ext4, xfs, btrfs, apfs, ntfs) or use s3://.',
        cause: error,
      });
    }
    throw error;
  }
}

// The file is opened when read, so a stream nobody reads holds no descriptor.
async function* streamOf(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path) as AsyncIterable<Buffer>;
}

/** A folder or a file in the way of the path means the same as nothing there: S3 has neither. */
async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') {
      return undefined;
    }
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
