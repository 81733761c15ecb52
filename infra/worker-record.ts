// What a running worker says of itself, so that `up` and `run` can tell whether it will do.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { codeFingerprint } from './code-fingerprint.ts';
import { serverTarget } from './connection.ts';
import type { Settings } from './settings.ts';

const recordSchema = z.strictObject({
  code: z.string().describe('Fingerprint of the code it runs.'),
  address: z.string().describe('Temporal server and namespace it polls.'),
  store: z.string(),
  python: z.string(),
  variables: z.array(z.string()).describe('Names of the environment variables it was started with; never values.'),
});
export type WorkerRecord = z.infer<typeof recordSchema>;

/** What a worker started with these settings would say. */
export async function workerRecord(settings: Settings): Promise<WorkerRecord> {
  const { address, namespace } = serverTarget(settings);
  return {
    code: await codeFingerprint(),
    address: `${address}/${namespace}`,
    store: settings.store,
    python: settings.python,
    variables: Object.keys(settings.environment)
      .filter((name) => settings.environment[name] !== '')
      .toSorted(),
  };
}

/** The record in a worker's ready file; undefined when there is none, or one of another version. */
export async function readWorkerRecord(file: string): Promise<WorkerRecord | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    return undefined;
  }
  try {
    return recordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** True when the worker runs this code on the same server and store, and has every key that is needed. */
export function willDo(running: WorkerRecord, wanted: WorkerRecord, keysNeeded: readonly string[]): boolean {
  const same = (['code', 'address', 'store', 'python'] as const).every((field) => running[field] === wanted[field]);
  return same && keysNeeded.every((name) => running.variables.includes(name));
}
