// Tells whether running workers still run the code that lies here.
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashOf } from '../domain/canonical.ts';

const folders = ['domain', 'datasets', 'evals', 'workflows', 'activities', 'registry', 'infra'];

/** Hash over names, sizes and times of the sources that a worker loads. */
export async function codeFingerprint(): Promise<string> {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const listed = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(join(root, folder), { recursive: true });
      return names.filter((name) => /(?<!\.test)\.[jt]s$/u.test(name)).map((name) => join(folder, name));
    }),
  );
  const files = listed.flat().toSorted();
  const stats = await Promise.all(files.map((file) => stat(join(root, file))));
  return hashOf(files.map((file, index) => [file, stats[index]?.size, stats[index]?.mtimeMs]));
}
