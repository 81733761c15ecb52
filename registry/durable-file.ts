// Folders and temporary files that survive a crash: everything is on the disk before it gets its name.
import { randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

// "~" is outside the key alphabet, so no key can ever name a temporary file.
const temporaryFolder = '~tmp';

/** Makes a folder and its parents, and puts their names on the disk. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) {
    return;
  }
  for (let made = folder; made.length >= first.length; made = dirname(made)) {
    await syncFolder(dirname(made));
  }
}

/** Puts a folder's entries on the disk. Does nothing where folders cannot be synced (Windows). */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') {
    return;
  }
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes the content to a temporary file below `root`, syncs it unless told not to, hands its path to `publish`, and removes it
 * whatever happens. `publish` links or renames it.
 */
export async function withTemporaryFile<T>(
  root: string,
  content: Uint8Array | string | AsyncIterable<Uint8Array>,
  publish: (path: string) => Promise<T>,
  { synced = true }: { readonly synced?: boolean } = {},
): Promise<T> {
  const folder = join(root, temporaryFolder);
  await makeFolder(folder);
  const path = join(folder, randomUUID());
  try {
    const handle = await open(path, 'wx');
    try {
      await handle.writeFile(content);
      if (synced) {
        await handle.sync();
      }
    } finally {
      await handle.close();
    }
    return await publish(path);
  } finally {
    await rm(path, { force: true });
  }
}
