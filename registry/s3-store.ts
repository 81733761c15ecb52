// The object store on S3, or any server that honours conditional writes.
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkedKey, checkedPrefix } from './key.ts';
import { s3Client } from './s3-client.ts';
import type { S3Location } from './s3-client.ts';
import { uploadStream } from './s3-upload.ts';
import { StoreNoSpace, StoreOutcomeUnknown } from './store-errors.ts';
import type { ObjectStore } from './store.ts';
import { statusOf } from './s3-status.ts';

// AWS answers 409 while two conditional writes of one key overlap; the next try sees the winner.
const maxConflicts = 20;

/**
 * Objects below `prefix` in a bucket. `putIfAbsent` is one request with `If-None-Match: *`; when its answer is
 * lost, the object is read back: the same bytes mean `created`, others `exists`, none StoreOutcomeUnknown.
 * (Two writers of the same bytes may then both see `created`: put what tells them apart into the bytes.)
 * `client` replaces the store's own clients, also for conditional writes.
 */
export function s3Store(location: S3Location & { readonly client?: S3Client | undefined }): ObjectStore {
  const client = location.client ?? s3Client(location, 3);
  const commitClient = location.client ?? s3Client(location, 1);
  const root = location.prefix === '' ? '' : `${checkedKey(location.prefix)}/`;
  const uri = `s3://${location.bucket}/${location.prefix}`;
  const target = (key: string) => ({ Bucket: location.bucket, Key: root + checkedKey(key) });

  async function find(key: string): Promise<GetObjectCommandOutput | undefined> {
    try {
      return await client.send(new GetObjectCommand(target(key)));
    } catch (error) {
      if (statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket') {
        return undefined;
      }
      throw error;
    }
  }

  async function get(key: string): Promise<Uint8Array | undefined> {
    return (await find(key))?.Body?.transformToByteArray();
  }

  async function readBack(key: string, bytes: Uint8Array, cause: unknown): Promise<'created' | 'exists'> {
    const found = await get(key).catch(() => undefined);
    if (found === undefined) {
      throw new StoreOutcomeUnknown(key, { uri, cause });
    }
    return Buffer.compare(found, bytes) === 0 ? 'created' : 'exists';
  }

  async function naming<T>(key: string, writing: Promise<T>): Promise<T> {
    try {
      return await writing;
    } catch (error) {
      throw isFull(error) ? new StoreNoSpace(key, { uri, cause: error }) : error;
    }
  }

  return {
    uri,
    get,
    async getStream(key) {
      const body = (await find(key))?.Body;
      return body instanceof Readable ? body : undefined;
    },
    async put(key, body) {
      await naming(key, client.send(new PutObjectCommand({ ...target(key), ...bodyOf(body) })));
    },
    async putStream(key, body) {
      await naming(key, uploadStream(client, target(key), body));
    },
    async putIfAbsent(key, body) {
      const command = { ...target(key), ...bodyOf(body), IfNoneMatch: '*' };
      for (let conflicts = 0; ; conflicts += 1) {
        try {
          await commitClient.send(new PutObjectCommand(command));
          return 'created';
        } catch (error) {
          const status = statusOf(error);
          if (status === 412) {
            return 'exists';
          }
          if (isFull(error)) {
            throw new StoreNoSpace(key, { uri, cause: error });
          }
          if (status === 409 && conflicts < maxConflicts) {
            await sleep(Math.random() * 50 * (conflicts + 1));
          } else if (isUnsettled(error)) {
            return readBack(key, command.Body, error);
          } else {
            throw error;
          }
        }
      }
    },
    async *list(prefix, { after } = {}) {
      const pages = paginateListObjectsV2(
        { client },
        {
          Bucket: location.bucket,
          Prefix: root + checkedPrefix(prefix),
          ...(after === undefined ? {} : { StartAfter: root + after }),
        },
      );
      for await (const page of pages) {
        for (const { Key } of page.Contents ?? []) {
          if (Key !== undefined) {
            yield Key.slice(root.length);
          }
        }
      }
    },
  };
}

// With its length stated, since the SDK takes an empty body for a stream of unknown length.
function bodyOf(body: Uint8Array | string): { Body: Uint8Array; ContentLength: number } {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return { Body: bytes, ContentLength: bytes.length };
}

/** True when the server may have written the object, or may yet: no answer, its own fault, or a conflict that stays. */
function isUnsettled(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined ? nameOf(error) !== 'CredentialsProviderError' : status >= 500 || status === 409;
}

function nameOf(error: unknown): string | undefined {
  return error instanceof Error ? error.name : undefined;
}

/** Names that servers give to a full disk or a spent quota (AWS S3 itself has neither). */
function isFull(error: unknown): boolean {
  const names = ['QuotaExceeded', 'XMinioStorageFull', 'EntityTooLargeForQuota', 'InsufficientStorage'];
  return statusOf(error) === 507 || names.includes(nameOf(error) ?? '');
}
