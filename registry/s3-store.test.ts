// The S3 store keeps the contract on a real server, and tells lost answers from lost races.
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendEntry } from './log.ts';
import { readLog } from './read-log.ts';
import { s3Client } from './s3-client.ts';
import { hasTestS3, startTestS3 } from './s3-server.ts';
import type { TestS3 } from './s3-server.ts';
import { s3Store } from './s3-store.ts';
import { StoreOutcomeUnknown } from './store-errors.ts';
import type { ObjectStore } from './store.ts';
import { storeContract } from './store-contract.ts';

const run = `run-${process.pid}-${Date.now()}`;
let server: TestS3 | undefined;
let stores = 0;

describe.skipIf(!hasTestS3)('on an S3 server (needs versitygw or CONTENDER_TEST_S3_ENDPOINT)', () => {
  beforeAll(async () => {
    server = await startTestS3();
  });
  afterAll(async () => server?.stop());

  storeContract('the S3 store', freshStore);

  it.each(['before', 'after'] as const)('an answer lost %s the write is settled by reading back', async (when) => {
    const location = freshLocation();
    const healthy = s3Store(location);
    const unlucky = losingAnswers(location, when);
    if (when === 'after') {
      expect(await unlucky.putIfAbsent('key', 'mine')).toBe('created');
      expect(await unlucky.putIfAbsent('key', 'other')).toBe('exists');
    } else {
      await expect(unlucky.putIfAbsent('key', 'mine')).rejects.toThrow(StoreOutcomeUnknown);
      await healthy.putIfAbsent('key', 'rival');
      expect(await unlucky.putIfAbsent('key', 'mine')).toBe('exists');
    }
  });

  it('keeps the registry log through lost answers', async () => {
    const location = freshLocation();
    const outcome = await appendEntry(losingAnswers(location, 'after'), {
      commitId: 'c1',
      route: 'task',
      from: null,
      to: 'model@000000000001',
      privacy: 'internal',
      verdictRef: null,
      actor: 'tester',
      reason: 'a test',
      standInBaseline: false,
      at: '2026-03-01T02:00:00Z',
    });
    expect(outcome).toMatchObject({ outcome: 'won', entry: { seq: 0 } });
    expect(await readLog(s3Store(location))).toHaveLength(1);
  });

  it('raises what the server says when the bucket is not there', async () => {
    const store = s3Store({ ...freshLocation(), bucket: 'no-such-bucket' });
    await expect(store.get('key')).rejects.toThrow();
    await expect(store.putIfAbsent('key', 'x')).rejects.toThrow();
  });
});

function freshLocation(): { bucket: string; prefix: string; endpoint: string } {
  stores += 1;
  return {
    bucket: server?.bucket ?? '',
    prefix: `${run}/${stores}`,
    endpoint: server?.endpoint ?? '',
  };
}

function freshStore(): ObjectStore {
  return s3Store(freshLocation());
}

/** A store whose writes lose the connection before or after the server has seen them. */
function losingAnswers(location: ReturnType<typeof freshLocation>, when: 'before' | 'after'): ObjectStore {
  const client = s3Client(location, 1);
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== PutObjectCommand.name) {
          return next(args);
        }
        if (when === 'after') {
          await next(args);
        }
        throw new Error('connection lost');
      },
    { step: 'initialize', priority: 'high' },
  );
  return s3Store({ ...location, client });
}
