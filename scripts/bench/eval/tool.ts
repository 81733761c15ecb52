// What the benchmark needs to know of a tool: how to start it, and where it says how many answers were right.

/** Where one tool works, and what it asks about. */
export interface Place {
  /** Folder of this tool alone. */
  readonly folder: string;
  /** The rows as JSON lines with `text` and `label`. */
  readonly jsonl: string;
  /** The same as CSV. */
  readonly csv: string;
  /** Our suite file on them. */
  readonly suite: string;
  /** The endpoint, up to and with `/v1`. */
  readonly url: string;
  /** Most requests at once. */
  readonly concurrency: number;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Tool {
  readonly name: string;
  readonly version: string;
  /** Most answers that may be asked for at once: arms times concurrency. */
  readonly arms: number;
  /** Writes the tool's configuration; not timed. */
  prepare(place: Place): Promise<void>;
  command(place: Place): Command;
  /** Share of right answers by the tool's own count, read after its process ended. */
  accuracy(place: Place, stdout: string): Promise<number>;
}
