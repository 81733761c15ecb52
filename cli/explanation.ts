// What the user reads of an error, and the exit code that goes with it.
import { failureTypes, type FailureDetails } from '../domain/failures.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';

export interface Explanation {
  readonly message: string;
  readonly where: string | undefined;
  readonly hint: string | undefined;
  /** Object-store key of a log whose last lines belong to the message. */
  readonly logKey: string | undefined;
  readonly exitCode: ExitCode;
}

/** A failure with a type and details, however it came here. */
export function explainTyped(type: string | null | undefined, message: string, details: FailureDetails): Explanation {
  const exitCode = type === failureTypes.badInput ? exitCodes.badInput : exitCodes.fault;
  return { message, where: details.where, hint: details.hint, logKey: details.logKey, exitCode };
}
