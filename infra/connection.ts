// Which Temporal server to talk to: a connection profile or TEMPORAL_* when there is one, else our own.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { BadInput } from '../domain/bad-input.ts';
import { Fault } from '../domain/fault.ts';
import type { Settings } from './settings.ts';

export interface ServerTarget {
  readonly address: string;
  readonly namespace: string;
  /** True for the development server that `contender up` starts and stops. */
  readonly own: boolean;
  /** Why this server: for `doctor` and error messages. */
  readonly source: string;
}

type ConnectOptions = ReturnType<typeof loadClientConnectConfig>['connectionOptions'];

/** Variables and files after Temporal's environment configuration; without any of them our own server is meant. */
export function serverTarget(settings: Settings): ServerTarget & { readonly options: ConnectOptions } {
  const { environment } = settings;
  const variable = ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'].find(
    (name) => (environment[name] ?? '') !== '',
  );
  const profileFile = join(environment['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'temporalio', 'temporal.toml');
  if (variable === undefined && !existsSync(profileFile)) {
    const address = `127.0.0.1:${settings.temporalPort}`;
    return { address, namespace: 'default', own: true, source: 'development server', options: { address } };
  }
  try {
    const config = loadClientConnectConfig({
      overrideEnvVars: Object.fromEntries(
        Object.entries(environment).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
      ),
    });
    return {
      address: config.connectionOptions.address ?? 'localhost:7233',
      namespace: config.namespace ?? 'default',
      own: false,
      source: variable ?? profileFile,
      options: config.connectionOptions,
    };
  } catch (error) {
    throw new BadInput(
      `the Temporal connection profile cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      {
        where: variable ?? profileFile,
      },
    );
  }
}

export interface Connected {
  readonly client: Client;
  readonly connection: Connection;
  readonly target: ServerTarget;
}

/** Connects as a client. Throws a Fault that names the address when the server does not answer in time. */
export async function connectClient(settings: Settings, timeoutMs = 5000): Promise<Connected> {
  const target = serverTarget(settings);
  const connection = await Connection.connect({ ...target.options, connectTimeout: timeoutMs }).catch(
    (error: unknown) => {
      throw unreachable(target, error);
    },
  );
  return { client: new Client({ connection, namespace: target.namespace }), connection, target };
}

/** What to say when a server does not answer. */
export function unreachable(target: ServerTarget, cause: unknown): Fault {
  return new Fault(`Temporal does not answer at ${target.address}`, {
    where: target.source,
    hint: target.own
      ? 'start it with `contender up`'
      : 'check the address, or unset the TEMPORAL_* variables to use the development server of `contender up`',
    cause,
  });
}
