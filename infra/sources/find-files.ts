// From the path of a source, wherever it points, to the files behind it, in an order that does not change.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BadInput } from '../../domain/bad-input.ts';
import type { SourceRecipe } from '../../domain/recipe-source.ts';
import type { SourceFile } from '../../datasets/sources/source-file.ts';
import type { Hub } from '../hub-api.ts';
import { findLocalFiles } from './local-files.ts';

/** A file that was found, and what its place states about it. */
export interface FoundFile extends SourceFile {
  readonly bytes: number;
  /** The commit, for a file of a hub. */
  readonly revision?: string;
}

/** Where a source stands, and what is needed to reach it. */
export interface FindContext {
  /** Folder of the recipe. Absolute. */
  readonly folder: string;
  /** Where the path stands in the recipe, for messages. */
  readonly where: string;
  /** Called for hub paths alone. */
  readonly hub: () => Hub;
  readonly signal?: AbortSignal | undefined;
  /** First wait after a broken connection, in milliseconds; it doubles with each further one. 500 when absent. */
  readonly waitMs?: number;
}

type SourcePlace = Pick<SourceRecipe, 'path' | 'revision' | 'format' | 'encoding' | 'delimiter'>;

/**
 * The files of a source, sorted by code units of their paths, each once. Remote files are opened when they are read, and
 * go on where a connection broke. Throws BadInput for a path that names nothing, something that is no file, or what
 * this user may not read, and a Fault for a place that cannot be reached.
 */
export async function findFiles(source: SourcePlace, context: FindContext): Promise<FoundFile[]> {
  const { path, format, encoding, delimiter } = source;
  if (path.includes('\0')) {
    throw new BadInput('the path holds a NUL character', { where: context.where });
  }
  const found = await filesOf(source, context);
  if (found.length === 0) {
    throw new BadInput(`no file matches ${path}`, {
      where: context.where,
      hint: 'paths are relative to the recipe; `*` stays within a folder and `**` does not',
    });
  }
  return found
    .map((file) => Object.assign(file, { format, encoding, delimiter }))
    .toSorted((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0));
}

async function filesOf({ path, revision }: SourcePlace, context: FindContext): Promise<FoundFile[]> {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//iu.exec(path)?.[1]?.toLowerCase();
  switch (scheme) {
    case undefined:
      return await findLocalFiles(path, context);
    case 'file': {
      const files = await findLocalFiles(pathOfUrl(path, context.where), context);
      return files.map((file) => Object.assign(file, { path: pathToFileURL(file.path).href }));
    }
    case 's3': {
      // The AWS SDK takes longer to load than most commands to run.
      const { findS3Files } = await import('./s3-files.ts');
      return await findS3Files(path, context);
    }
    case 'hf': {
      const { findHubFiles } = await import('./hub-files.ts');
      return await findHubFiles(path, revision, context);
    }
    default:
      throw new BadInput(`sources cannot be read from ${scheme}://`, {
        where: context.where,
        hint: 'name a file, file:///…, s3://bucket/key or hf://datasets/owner/name/file',
      });
  }
}

function pathOfUrl(url: string, where: string): string {
  try {
    // A glob's question mark is no query.
    return fileURLToPath(url.replaceAll('?', '%3F').replaceAll('#', '%23'));
  } catch (cause) {
    throw new BadInput(`"${url}" is no file URL`, { where, hint: 'file URLs are file:///absolute/path', cause });
  }
}
