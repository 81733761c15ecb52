// The short way to a failure that the same input would meet again. Needs no Temporal: evaluations run without it.
import type { FailureDetails, FailureType } from '../domain/failures.ts';
import { PermanentFailure } from '../domain/permanent-failure.ts';

/** The message must be free of row text and secrets. */
export function permanent(type: FailureType, message: string, details: FailureDetails = {}): PermanentFailure {
  return new PermanentFailure(type, message, details);
}
