// The error of a step that the same input would meet again, with what the user is told of it.
import type { FailureDetails, FailureType } from './failures.ts';

/**
 * Thrown by steps that know their cause. A worker hands it to Temporal as a failure that is not retried; a command that
 * runs the step itself shows it. The message must be free of row text and secrets.
 */
export class PermanentFailure extends Error {
  override readonly name = 'PermanentFailure';
  readonly nonRetryable = true;
  readonly type: FailureType;
  readonly details: FailureDetails;

  constructor(type: FailureType, message: string, details: FailureDetails = {}) {
    super(message);
    this.type = type;
    this.details = details;
  }
}
