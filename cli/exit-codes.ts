// Exit codes of the command line; documented in docs/cli.md.

export const exitCodes = {
  /** Done; for `run`: promoted. */
  done: 0,
  /** Something failed that is not the input's fault. */
  fault: 1,
  /** The recipe, a flag or the data is wrong. */
  badInput: 2,
  /** The verdict is `hold`. */
  hold: 3,
  /** The verdict is `reject`. */
  reject: 4,
  /** Stopped by Ctrl-C. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
