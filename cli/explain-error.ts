// Turns any error into what the user reads and the exit code.
import { ActivityFailure, ApplicationFailure, CancelledFailure, ChildWorkflowFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import { BadInput } from '../domain/bad-input.ts';
import { failureTypes, type FailureDetails } from '../domain/failures.ts';
import { Fault } from '../domain/fault.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';

export interface Explanation {
  readonly message: string;
  readonly where: string | undefined;
  readonly hint: string | undefined;
  /** Object-store key of a log whose last lines belong to the message. */
  readonly logKey: string | undefined;
  readonly exitCode: ExitCode;
}

export function explainError(error: unknown): Explanation {
  const cause = innermost(error);
  if (cause instanceof BadInput || cause instanceof Fault) {
    const exitCode = cause instanceof BadInput ? exitCodes.badInput : exitCodes.fault;
    return { message: cause.message, where: cause.where, hint: cause.hint, logKey: undefined, exitCode };
  }
  if (cause instanceof CancelledFailure) {
    return {
      message: 'the run was cancelled',
      where: undefined,
      hint: 'run the recipe again to go on where it stopped',
      logKey: undefined,
      exitCode: exitCodes.interrupted,
    };
  }
  if (cause instanceof ApplicationFailure) {
    const details = (cause.details?.[0] ?? {}) as FailureDetails;
    const exitCode = cause.type === failureTypes.badInput ? exitCodes.badInput : exitCodes.fault;
    return { message: cause.message, where: details.where, hint: details.hint, logKey: details.logKey, exitCode };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return { message, where: undefined, hint: undefined, logKey: undefined, exitCode: exitCodes.fault };
}

/** The failure that started a chain of workflow, child workflow and activity failures. */
function innermost(error: unknown): unknown {
  let current = error;
  while (
    current instanceof WorkflowFailedError ||
    current instanceof ChildWorkflowFailure ||
    current instanceof ActivityFailure
  ) {
    if (current.cause === undefined) {
      return current;
    }
    current = current.cause;
  }
  return current;
}
