// What lies behind an error that came from Temporal, or from nobody whom we know.
import { ActivityFailure, ApplicationFailure, CancelledFailure, ChildWorkflowFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import { exitCodes } from './exit-codes.ts';
import { explainTyped, type Explanation } from './explanation.ts';

export function explainFailure(error: unknown): Explanation {
  const cause = innermost(error);
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
    return explainTyped(cause.type, cause.message, cause.details?.[0] ?? {});
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
