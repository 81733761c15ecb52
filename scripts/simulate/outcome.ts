// What the contests of one setting came to.

export interface Outcome {
  readonly contests: number;
  /** Share of contests that promoted a candidate. */
  readonly rate: number;
  /** What the formula says, for power. */
  readonly formula: number | null;
  readonly rows: number;
}
