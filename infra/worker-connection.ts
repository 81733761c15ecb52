// The worker's connection, apart from the client's: it loads Temporal's native core, which no other command needs.
import { NativeConnection } from '@temporalio/worker';
import { serverTarget, unreachable, type ServerTarget } from './connection.ts';
import type { Settings } from './settings.ts';

/** Throws a Fault that names the address when the server does not answer. */
export async function connectWorker(
  settings: Settings,
): Promise<{ connection: NativeConnection; target: ServerTarget }> {
  const target = serverTarget(settings);
  const connection = await NativeConnection.connect(target.options).catch((error: unknown) => {
    throw unreachable(target, error);
  });
  return { connection, target };
}
