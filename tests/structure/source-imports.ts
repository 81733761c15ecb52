// The sources and what they import, as text tells it: for tests of the layout.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { packageRoot } from '../../infra/settings.ts';

export const folders = [
  'domain',
  'datasets',
  'evals',
  'registry',
  'workflows',
  'activities',
  'infra',
  'cli',
  'scripts',
];

export interface Source {
  readonly path: string;
  readonly text: string;
  /** The text without comments. */
  readonly code: string;
}

export interface Import {
  readonly from: string;
  /** A file of ours, relative to the root, or the name of a package. */
  readonly to: string;
  readonly typeOnly: boolean;
  /** Loaded when the line runs, by `import()`. */
  readonly dynamic: boolean;
}

/** Every TypeScript file of the source folders. */
export async function readSources(): Promise<Source[]> {
  const listed = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(join(packageRoot, folder), { recursive: true });
      return names.filter((name) => name.endsWith('.ts')).map((name) => posix.join(folder, name));
    }),
  );
  return await Promise.all(
    listed.flat().map(async (path) => {
      const text = await readFile(join(packageRoot, path), 'utf8');
      return { path, text, code: text.replaceAll(/^\s*\/\/.*$|\/\*[\s\S]*?\*\//gmu, '') };
    }),
  );
}

export function importsOf({ path, code }: Source): Import[] {
  const found = code.matchAll(/^\s*(import|export)\s+(type\s+)?([^'";]*?from\s+)?'([^']+)'|\bimport\(\s*'([^']+)'/gmu);
  return [...found].map(([, , type, names = '', fixed, dynamic]) => {
    const to = fixed ?? dynamic ?? '';
    // `import { type A, type B }` carries no value either.
    const named = /\{([^}]*)\}/u.exec(names)?.[1]?.split(',') ?? [];
    const typesOnly = named.length > 0 && named.every((name) => name.trim() === '' || name.trim().startsWith('type '));
    return {
      from: path,
      to: to.startsWith('.') ? posix.join(dirname(path), to) : to,
      typeOnly: type !== undefined || (typesOnly && !names.trim().startsWith('{,')),
      dynamic: dynamic !== undefined,
    };
  });
}

export function folderOf(path: string): string {
  return path.includes('/') ? (path.split('/')[0] ?? '') : '';
}
