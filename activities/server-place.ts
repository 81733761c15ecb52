// Where a model server of ours is: the folder of its job, and the address it wrote there.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ServeInput } from '../domain/stage-inputs.ts';
import type { ActivityDeps } from './deps.ts';

const readySchema = z.object({ port: z.int().positive(), pid: z.int().positive() });

/** Folder of a server's job; the ask activities of this machine read the port from there. */
export function serverFolder(deps: ActivityDeps, runKey: string, kind: ServeInput['kind']): string {
  // Keys of a sweep's candidates have parts of their own; job folders all lie at the same depth.
  return join(deps.workFolder, runKey.replaceAll('/', '.'), `serve-${kind}`);
}

/** The server's base URL with its /v1, or undefined while it does not answer. */
export async function serverUrl(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, 'ready.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : `http://127.0.0.1:${readySchema.parse(JSON.parse(text)).port}/v1`;
}
