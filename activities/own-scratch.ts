// A scratch folder of this process; what killed processes left behind is removed.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../domain/canonical.ts';
import { processIdentity } from './launch/process-identity.ts';

/**
 * A folder below `parent` that belongs to this process. Folders of processes of this machine that are no more are
 * removed with all they hold; those of other machines that share the parent are left alone.
 */
export async function ownScratch(parent: string): Promise<string> {
  const own = folderName(process.pid, (await processIdentity(process.pid)) ?? '');
  await mkdir(join(parent, own), { recursive: true, mode: 0o700 });
  for (const name of await readdir(parent)) {
    if (name !== own && (await isLeftBehind(name))) {
      await rm(join(parent, name), { recursive: true, force: true });
    }
  }
  return join(parent, own);
}

const prefix = `of-${hostname()}-`;

// A pid is used again; with the start time it is not.
function folderName(pid: number, identity: string): string {
  return `${prefix}${pid}-${sha256(identity).slice(0, 12)}`;
}

async function isLeftBehind(name: string): Promise<boolean> {
  const [, pid] = name.startsWith(prefix) ? (/^(\d+)-[0-9a-f]{12}$/u.exec(name.slice(prefix.length)) ?? []) : [];
  if (pid === undefined) {
    return false;
  }
  const identity = await processIdentity(Number(pid));
  return identity === undefined || folderName(Number(pid), identity) !== name;
}
