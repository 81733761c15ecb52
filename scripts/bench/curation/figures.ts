// What a child process of the benchmark says of itself.
export interface OwnFigures {
  readonly documents: number;
  readonly kept: number;
  readonly dropped: Readonly<Record<string, number>>;
  /** From the start of the process to the written splits. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  readonly steps: Readonly<Record<string, number>>;
  readonly pairsCompared: number;
  readonly clusters: number;
}
