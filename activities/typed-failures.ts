// Turns errors into failures that Temporal does not retry, with the details the CLI shows.
import { ApplicationFailure } from '@temporalio/common';
import { BadInput } from '../domain/bad-input.ts';
import { failureTypes } from '../domain/failures.ts';
import { PermanentFailure } from '../domain/permanent-failure.ts';
import { CorruptArtifact, StoreNoSpace } from '../registry/store-errors.ts';
import { permanent } from './permanent.ts';

/** Runs an activity body and turns the errors that another attempt would meet again into permanent failures. */
export async function withTypedFailures<Result>(body: () => Promise<Result>): Promise<Result> {
  try {
    return await body();
  } catch (error) {
    const failure = permanentOf(error);
    throw failure === undefined ? error : forTemporal(failure);
  }
}

function forTemporal({ type, message, details }: PermanentFailure): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true, details: [details] });
}

function permanentOf(error: unknown): PermanentFailure | undefined {
  if (error instanceof PermanentFailure) {
    return error;
  }
  if (error instanceof BadInput) {
    return permanent(failureTypes.badInput, error.message, {
      ...(error.where === undefined ? {} : { where: error.where }),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
  if (error instanceof StoreNoSpace) {
    return permanent(failureTypes.noSpace, error.message, {
      hint: 'make room in the object store, then run the recipe again to go on where it stopped',
    });
  }
  if (error instanceof CorruptArtifact) {
    return permanent(failureTypes.corruptArtifact, error.message, {
      hint: 'the object store no longer holds what was written; run the recipe again with --fresh',
    });
  }
  if (isDiskFull(error)) {
    return permanent(failureTypes.noSpace, 'no space left on the disk of the worker', {
      hint: 'make room for the job folders (`work` in the home folder of the worker), then run the recipe again to go on where it stopped',
    });
  }
  return undefined;
}

/** The object store turns its own full disk into StoreNoSpace, so what comes here is a job folder's. */
function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
