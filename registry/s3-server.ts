// A real S3 server for tests: the one at CONTENDER_TEST_S3_ENDPOINT, or versitygw started on a temporary folder.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const endpointSetting = process.env['CONTENDER_TEST_S3_ENDPOINT'];
const bucketSetting = process.env['CONTENDER_TEST_S3_BUCKET'] ?? 'contender-test';
const ownTools = join(import.meta.dirname, '..', '.contender', 'tools', 'go', 'bin');

/** Where tests may write, and how to stop what was started for them. */
export interface TestS3 {
  readonly endpoint: string;
  readonly bucket: string;
  stop(): Promise<void>;
}

/** True when there is a server to test against; `startTestS3` works only then. */
export const hasTestS3 = endpointSetting !== undefined || versitygw() !== undefined;

/**
 * Gives a running server. Its credentials are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: those of the
 * environment for a server that runs already, made-up ones for one that is started here.
 */
export async function startTestS3(): Promise<TestS3> {
  if (endpointSetting !== undefined) {
    return { endpoint: endpointSetting, bucket: bucketSetting, stop: async () => undefined };
  }
  const program = versitygw();
  if (program === undefined) {
    throw new Error('versitygw is not installed');
  }
  const folder = await mkdtemp(join(tmpdir(), 'contender-s3-'));
  const root = join(folder, 'root');
  // The posix backend serves the folders of its root as buckets.
  await mkdir(join(root, bucketSetting), { recursive: true });
  process.env['AWS_ACCESS_KEY_ID'] = 'contender-test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'contender-test-secret';
  const port = await freePort();
  const server = spawn(
    program,
    [
      '--quiet',
      '--port',
      `127.0.0.1:${port}`,
      '--access',
      'contender-test',
      '--secret',
      'contender-test-secret',
      'posix',
      root,
    ],
    { stdio: 'ignore' },
  );
  // Also when the tests are interrupted.
  process.once('exit', () => server.kill('SIGKILL'));
  const endpoint = `http://127.0.0.1:${port}`;
  await answering(server, endpoint);
  return {
    endpoint,
    bucket: bucketSetting,
    async stop() {
      server.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function versitygw(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ownTools];
  return folders.map((folder) => join(folder, 'versitygw')).find((path) => existsSync(path));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function answering(server: ChildProcess, endpoint: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (server.exitCode !== null) {
      throw new Error(`versitygw ended with exit code ${server.exitCode}`);
    }
    try {
      await fetch(endpoint);
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error('versitygw did not answer within 10 s');
}
