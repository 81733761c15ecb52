// What a log of another tool becomes: arms with their rows, before one of their scores is chosen.

export const logTools = ['promptfoo', 'inspect_ai', 'lm-eval'] as const;
export type LogTool = (typeof logTools)[number];

/** One attempt at one row, as a log holds it. */
export interface ImportedRow {
  /** The same in every arm that answered the row. */
  readonly id: string;
  /** Digest of what was asked, so that one id for different rows is noticed. */
  readonly asked: string;
  readonly expected: string;
  /** Null when the request failed. */
  readonly answer: string | null;
  readonly error?: string | undefined;
  /** Every score of the row that is a number, by its name in the log. Empty when the request failed. */
  readonly scores: Readonly<Record<string, number>>;
  /** Cluster and slices, as far as the log has the fields that were asked for. */
  readonly fields: Readonly<Record<string, string>>;
  readonly latencyMs: number | null;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly costUsd: number | null;
  readonly cached: boolean;
  readonly finish: string;
}

/** One model, with one prompt, in one log. */
export interface ImportedArm {
  readonly tool: LogTool;
  /** Version of the tool, where the log says it. */
  readonly version: string | null;
  /** Name for people, and for choosing the arm in a log that has several. */
  readonly label: string;
  readonly model: string;
  /** In the order of the log. Several rows of one id are attempts at the same row. */
  readonly rows: readonly ImportedRow[];
}

/** Takes the records of a log one by one, so that a long log is never in memory twice. */
export interface LogReader {
  /**
   * Takes one record. Throws BadInput when it does not have the tool's format; `where` names file and line, and a
   * message never quotes a value.
   */
  add(record: unknown, where: string): void;
  /** The arms, once all records were taken. Throws BadInput when there are none. */
  arms(): ImportedArm[];
}

/** What a reader is told besides the records. */
export interface ReadLogOptions {
  /** Names the file in messages. */
  readonly file: string;
  /** Names of variables, metadata or document fields that the rows should carry. */
  readonly fields: readonly string[];
}
