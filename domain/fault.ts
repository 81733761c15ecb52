// An error of the surroundings rather than of the input: a server that is away, a port that is taken.

/** The CLI exits with 1 and shows message, `where` and `hint` without a stack trace. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly where: string | undefined;
  readonly hint: string | undefined;

  constructor(message: string, at: { where?: string; hint?: string; cause?: unknown } = {}) {
    super(message, at.cause === undefined ? undefined : { cause: at.cause });
    this.where = at.where;
    this.hint = at.hint;
  }
}
