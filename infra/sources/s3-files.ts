// Finds source files in an S3 bucket, and reads them: the version that was found, whole, over connections that break.
import { GetObjectCommand, HeadObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { posix } from 'node:path';
import { BadInput } from '../../domain/bad-input.ts';
import { Fault } from '../../domain/fault.ts';
import { s3Client, type S3Location } from '../../registry/s3-client.ts';
import type { FindContext, FoundFile } from './find-files.ts';
import { globBase } from './glob-base.ts';
import { bodyFrom, resumed } from './resumed.ts';
import { statusOf } from '../../registry/s3-status.ts';

interface S3Object {
  readonly key: string;
  readonly bytes: number;
  /** Absent when a server states none; a change between two connections is then not seen. */
  readonly etag: string | undefined;
}

const hint =
  'Use s3://bucket/key or a glob, with ?endpoint=https://host&region=name&path_style=true for other servers than AWS.';

/** Credentials come from the AWS SDK's own chain. Throws BadInput and Fault as `findFiles` says. */
export async function findS3Files(path: string, context: FindContext): Promise<FoundFile[]> {
  const { key, location } = parsed(path, context.where);
  const nameOf = (of: string): string => `s3://${location.bucket}/${of}`;
  const { base, pattern } = globBase(key);
  const client = s3Client(location, 5);
  try {
    const objects =
      pattern === undefined
        ? [await stated(client, location.bucket, key)]
        : await matching(client, location.bucket, base, key);
    return objects.map((object) => ({
      path: nameOf(object.key),
      bytes: object.bytes,
      open: () => content(location, object, nameOf(object.key), context),
    }));
  } catch (error) {
    throw translated(error, nameOf(key), context.where);
  } finally {
    client.destroy();
  }
}

function parsed(path: string, where: string): { key: string; location: S3Location } {
  // A question mark may belong to the glob.
  const found = /^s3:\/\/([^/?]+)\/(.+?)(?:\?((?:endpoint|region|path_style)=.*))?$/isu.exec(path);
  const [, bucket = '', key = '', query = ''] = found ?? [];
  const settings = new URLSearchParams(query);
  const endpoint = settings.get('endpoint') ?? undefined;
  if (found === null || key.endsWith('/') || (endpoint !== undefined && !/^https?:\/\//u.test(endpoint))) {
    throw new BadInput(`"${path}" names no object of S3`, { where, hint });
  }
  const pathStyle = settings.get('path_style');
  const forcePathStyle = pathStyle === null ? undefined : pathStyle === 'true';
  return {
    key,
    location: { bucket, prefix: '', endpoint, region: settings.get('region') ?? undefined, forcePathStyle },
  };
}

async function stated(client: S3Client, bucket: string, key: string): Promise<S3Object> {
  const { ContentLength, ETag } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  return { key, bytes: ContentLength ?? 0, etag: ETag };
}

async function matching(client: S3Client, bucket: string, base: string, pattern: string): Promise<S3Object[]> {
  const objects: S3Object[] = [];
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: base })) {
    for (const { Key, Size, ETag } of page.Contents ?? []) {
      // A key that ends with a slash stands for a folder.
      if (Key !== undefined && !Key.endsWith('/') && posix.matchesGlob(Key, pattern)) {
        objects.push({ key: Key, bytes: Size ?? 0, etag: ETag });
      }
    }
  }
  return objects;
}

async function* content(
  location: S3Location,
  object: S3Object,
  name: string,
  { where, signal, waitMs = 500 }: FindContext,
): AsyncGenerator<Uint8Array> {
  // Tries are counted here, where it is known whether one brought anything.
  const client = s3Client(location, 1);
  try {
    yield* resumed({
      name,
      bytes: object.bytes,
      waitMs,
      signal,
      mayPass: (error) => !isFinal(error),
      open: async (from) => await openFrom(client, location.bucket, object, from, signal),
    });
  } catch (error) {
    throw translated(error, name, where);
  } finally {
    client.destroy();
  }
}

async function openFrom(
  client: S3Client,
  bucket: string,
  { key, etag }: S3Object,
  from: number,
  signal: AbortSignal | undefined,
): Promise<AsyncIterable<Uint8Array>> {
  const { Body, ContentRange } = await client.send(
    new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      ...(from === 0 ? {} : { Range: `bytes=${from}-` }),
      ...(etag === undefined ? {} : { IfMatch: etag }),
    }),
    signal === undefined ? {} : { abortSignal: signal },
  );
  if (!(Body instanceof Readable)) {
    throw new Error('the answer has no body');
  }
  return bodyFrom(Body, from, ContentRange);
}

/** Refusals stay; throttling, faults of the server and broken connections may pass. */
function isFinal(error: unknown): boolean {
  const status = statusOf(error) ?? 0;
  return (
    (status >= 300 && status < 500 && status !== 408 && status !== 429) ||
    (error instanceof Error && error.name === 'CredentialsProviderError')
  );
}

function translated(error: unknown, name: string, where: string): unknown {
  if (error instanceof BadInput || error instanceof Fault) {
    return error;
  }
  const status = statusOf(error);
  const kind = error instanceof Error ? error.name : 'error';
  if (status === 404) {
    return new BadInput(`there is no ${kind === 'NoSuchBucket' ? 'bucket for' : 'object'} ${name}`, {
      where,
      hint,
      cause: error,
    });
  }
  if (status === 412) {
    return new Fault('the object was changed while it was read', { where: name, hint: 'try again', cause: error });
  }
  if (status === 401 || status === 403 || kind === 'CredentialsProviderError') {
    return new BadInput(`these credentials may not read ${name} (${kind})`, {
      where,
      hint: 'credentials are found as by the AWS tools: environment, profile, role; listing needs s3:ListBucket',
      cause: error,
    });
  }
  if (status === 301 || status === 400) {
    return new BadInput(`the server refuses ${name} (${kind})`, {
      where,
      hint: 'is the bucket in another region? `?region=name` states it',
      cause: error,
    });
  }
  return new Fault(`the server of ${name} fails or cannot be reached (${kind})`, {
    where: name,
    hint: 'check the network and the endpoint, then try again',
    cause: error,
  });
}
