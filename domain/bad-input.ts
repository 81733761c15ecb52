// The error for anything the user must change: recipe, flag, data or environment.
import { failureTypes } from './failures.ts';

/**
 * Thrown at the edges (CLI, recipe, data files) for input that cannot be used; the CLI exits with 2.
 * `message` says what is wrong, `where` names file, line and field, `hint` says what to do next.
 */
export class BadInput extends Error {
  override readonly name = failureTypes.badInput;
  readonly where: string | undefined;
  readonly hint: string | undefined;

  constructor(message: string, at: { where?: string; hint?: string; cause?: unknown } = {}) {
    super(message, at.cause === undefined ? undefined : { cause: at.cause });
    this.where = at.where;
    this.hint = at.hint;
  }
}
