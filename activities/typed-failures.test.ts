import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../domain/bad-input.ts';
import { failureTypes, type FailureDetails } from '../domain/failures.ts';
import { PermanentFailure } from '../domain/permanent-failure.ts';
import { CorruptArtifact, StoreNoSpace, StoreOutcomeUnknown } from '../registry/store-errors.ts';
import { withTypedFailures } from './typed-failures.ts';

async function failureOf(error: Error): Promise<unknown> {
  try {
    return await withTypedFailures(() => {
      throw error;
    });
  } catch (failure) {
    return failure;
  }
}

async function permanentOf(error: Error): Promise<{ type: unknown; message: string; details: FailureDetails }> {
  const failure = await failureOf(error);
  if (!(failure instanceof ApplicationFailure) || failure.nonRetryable !== true) {
    throw new Error(`expected a permanent failure, got ${String(failure)}`);
  }
  return { type: failure.type, message: failure.message, details: failure.details?.[0] ?? {} };
}

const errno = (code: string): Error => Object.assign(new Error(`${code}: write`), { code });

describe('an error that another attempt would meet again is a permanent failure', () => {
  it('one that a step declared to be so, with its details', async () => {
    const error = new PermanentFailure(failureTypes.trainerFailed, 'it broke', { exitCode: 10, logKey: 'logs/train' });
    expect(await permanentOf(error)).toEqual({
      type: failureTypes.trainerFailed,
      message: 'it broke',
      details: { exitCode: 10, logKey: 'logs/train' },
    });
  });

  it('bad input, with its place and hint', async () => {
    const error = new BadInput('wrong', { where: 'rows.csv:3', hint: 'mend it' });
    expect(await permanentOf(error)).toEqual({
      type: failureTypes.badInput,
      message: 'wrong',
      details: { where: 'rows.csv:3', hint: 'mend it' },
    });
  });

  it('an object store without room, naming the store', async () => {
    const { type, message, details } = await permanentOf(new StoreNoSpace('blobs/x', { uri: 's3://bucket' }));
    expect(type).toBe(failureTypes.noSpace);
    expect(message).toContain('s3://bucket');
    expect(details.hint).toContain('object store');
  });

  it.each(['ENOSPC', 'EDQUOT'])('%s from a job folder, naming job folders', async (code) => {
    const { type, message, details } = await permanentOf(errno(code));
    expect(type).toBe(failureTypes.noSpace);
    expect(message).toBe('no space left on the disk of the worker');
    expect(details.hint).toContain('job folders');
  });

  it('a stored object that is not what its digest says', async () => {
    const { type, message } = await permanentOf(new CorruptArtifact('blobs/x', 'is missing'));
    expect([type, message]).toEqual([failureTypes.corruptArtifact, 'blobs/x is missing']);
  });
});

describe('an error that may pass is left to Temporal to retry', () => {
  it.each([
    ['a write of unknown outcome', new StoreOutcomeUnknown('k', { uri: 's3://bucket' })],
    ['too many open files', errno('EMFILE')],
    ['an unforeseen error', new TypeError('broken')],
  ])('%s', async (_name, error) => {
    expect(await failureOf(error)).toBe(error);
  });
});

it('a result passes through', async () => {
  expect(await withTypedFailures(() => Promise.resolve(7))).toBe(7);
});
