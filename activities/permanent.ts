// Turns an error into a failure that Temporal does not retry, with the details the CLI shows.
import { ApplicationFailure } from '@temporalio/common';
import { BadInput } from '../domain/bad-input.ts';
import { failureTypes, type FailureDetails, type FailureType } from '../domain/failures.ts';

/** A failure that the same input would meet again. The message must be free of row text and secrets. */
export function permanent(type: FailureType, message: string, details: FailureDetails = {}): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true, details: [details] });
}

/** Runs an activity body and turns the errors that the user must mend into permanent failures. */
export async function withTypedFailures<Result>(body: () => Promise<Result>): Promise<Result> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof BadInput) {
      throw permanent(failureTypes.badInput, error.message, {
        ...(error.where === undefined ? {} : { where: error.where }),
        ...(error.hint === undefined ? {} : { hint: error.hint }),
      });
    }
    throw error;
  }
}
