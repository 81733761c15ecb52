// Opens the object store that a setting names.
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BadInput } from '../domain/bad-input.ts';
import { fileStore } from './file-store.ts';
import type { ObjectStore } from './store.ts';

const hint = 'Use a folder, file:///absolute/folder, or s3://bucket/prefix?endpoint=https://host&region=name.';
const s3Settings = new Set(['endpoint', 'region', 'path_style']);

/**
 * Opens a folder (relative to the working directory), `file:///…` or `s3://bucket/prefix` with the optional
 * settings `endpoint`, `region` and `path_style=true|false`. Touches nothing yet. Throws BadInput for anything else.
 */
export async function openStore(uri: string): Promise<ObjectStore> {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/u.exec(uri)?.[1]?.toLowerCase();
  if (scheme === 's3') {
    return await openS3(uri);
  }
  if (scheme === 'file') {
    return fileStore(pathOf(uri));
  }
  if (uri === '' || (scheme !== undefined && !isAbsolute(uri))) {
    throw new BadInput(`"${uri}" is not an object store`, { hint });
  }
  return fileStore(resolve(uri));
}

function pathOf(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch (cause) {
    throw new BadInput(`"${uri}" is not an object store: file URLs are file:///absolute/folder`, { hint, cause });
  }
}

async function openS3(uri: string): Promise<ObjectStore> {
  const {
    bucket = '',
    path = '',
    query = '',
  } = /^s3:\/\/(?<bucket>[^/?#]*)(?<path>[^?#]*)(?:\?(?<query>[^#]*))?$/iu.exec(uri)?.groups ?? {};
  const settings = new URLSearchParams(query);
  const unknown = [...settings.keys()].find((name) => !s3Settings.has(name));
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/u.test(bucket)) {
    throw new BadInput(`"${uri}" names no S3 bucket`, { hint });
  }
  if (unknown !== undefined) {
    throw new BadInput(`"${uri}" has the unknown setting "${unknown}"`, { hint });
  }
  const endpoint = settings.get('endpoint') ?? undefined;
  if (endpoint !== undefined && !/^https?:\/\//u.test(endpoint)) {
    throw new BadInput(`endpoint "${endpoint}" is not an http(s) URL`, { hint });
  }
  const pathStyle = settings.get('path_style');
  // The AWS SDK takes longer to load than most commands to run, and most stores are folders.
  const { s3Store } = await import('./s3-store.ts');
  return s3Store({
    bucket,
    prefix: path.split('/').filter(Boolean).join('/'),
    endpoint,
    region: settings.get('region') ?? undefined,
    forcePathStyle: pathStyle === null ? undefined : pathStyle === 'true',
  });
}
