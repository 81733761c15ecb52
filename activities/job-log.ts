// Keeps the end of a child process's log in the object store, where the CLI can read it. Never in history.
import { open } from 'node:fs/promises';
import type { ObjectStore } from '../registry/store.ts';
import { logFile } from './launch/process.ts';

const keptBytes = 64 * 1024;

/** Stores the last 64 KiB of a job's log and returns the key. */
export async function storeLog(store: ObjectStore, runKey: string, stage: string, folder: string): Promise<string> {
  const key = `runs/${runKey}/logs/${stage}.log`;
  await store.put(key, await tail(logFile(folder)));
  return key;
}

async function tail(file: string): Promise<Uint8Array> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) {
    return new Uint8Array();
  }
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, keptBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
