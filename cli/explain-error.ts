// Turns any error into what the user reads and the exit code.
import { BadInput } from '../domain/bad-input.ts';
import { Fault } from '../domain/fault.ts';
import { PermanentFailure } from '../domain/permanent-failure.ts';
import { exitCodes } from './exit-codes.ts';
import { explainTyped, type Explanation } from './explanation.ts';

export async function explainError(error: unknown): Promise<Explanation> {
  if (error instanceof BadInput || error instanceof Fault) {
    const exitCode = error instanceof BadInput ? exitCodes.badInput : exitCodes.fault;
    return { message: error.message, where: error.where, hint: error.hint, logKey: undefined, exitCode };
  }
  if (error instanceof PermanentFailure) {
    return explainTyped(error.type, error.message, error.details);
  }
  // Every command explains errors, but few meet Temporal's, whose classes take a quarter of a second to load.
  const { explainFailure } = await import('./explain-failure.ts');
  return explainFailure(error);
}
