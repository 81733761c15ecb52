// The one list of failure types. Imports nothing, so that workflows may use its values.

/**
 * Failure types as they stand in workflow history. A permanent failure is never retried: the same input
 * would fail the same way. Messages carry names, numbers and places, never row text, prompts or secrets.
 */
export const failureTypes = {
  /** The recipe, a flag or the data is wrong: the user must change something. */
  badInput: 'ContenderBadInput',
  /** The trainer ended with an error; details carry its kind, exit code and where its log is. */
  trainerFailed: 'ContenderTrainerFailed',
  /** A model server did not come up or died; details say where its log is. */
  servingFailed: 'ContenderServingFailed',
  /** Prompt tokens at serving differ from those at training. */
  parityBroken: 'ContenderParityBroken',
  /** The provider refuses for good: wrong key, unknown model, spent budget. */
  providerRefused: 'ContenderProviderRefused',
  /** A stored artefact does not match its digest. */
  corruptArtifact: 'ContenderCorruptArtifact',
  /** The disk or the object store has no room left. */
  noSpace: 'ContenderNoSpace',
} as const;
export type FailureType = (typeof failureTypes)[keyof typeof failureTypes];

/** Details that travel with a failure: small, and free of user data. */
export interface FailureDetails {
  /** What the user can do next. */
  readonly hint?: string;
  /** Object-store key of the full log, for the CLI to print its last lines. */
  readonly logKey?: string;
  /** Exit code of the child process, where there was one. */
  readonly exitCode?: number;
  /** Where in the input: `file:line: field`. */
  readonly where?: string;
}
