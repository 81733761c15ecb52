// Finds the Temporal CLI: on PATH, else where the set-up put it.
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { Fault } from '../domain/fault.ts';
import type { Settings } from './settings.ts';

/** Absolute path of `temporal`. Throws a Fault that says how to get it. */
export async function temporalBinary(settings: Settings): Promise<string> {
  const folders = [...(settings.environment['PATH'] ?? '').split(delimiter), join(settings.home, 'tools', 'bin')];
  for (const folder of folders) {
    const candidate = join(folder, 'temporal');
    if (
      folder !== '' &&
      (await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      ))
    ) {
      return candidate;
    }
  }
  throw new Fault('the Temporal CLI is not installed', {
    hint: '`npm run setup` installs it, or see docs.temporal.io/cli; to use a server that is there, set TEMPORAL_ADDRESS',
  });
}
