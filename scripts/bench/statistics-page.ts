// docs/benchmarks/statistics.md, from the figures of one run.

/** One task's times in seconds, one a round. */
export interface Timing {
  readonly task: string;
  /** What it must take at most; null where nothing was set. */
  readonly limit: number | null;
  /** By the clock. */
  readonly seconds: readonly number[];
  /** Of the processor, which other work on the machine does not lengthen by much. */
  readonly processor: readonly number[];
}

export interface StatisticsReport {
  readonly machine: { readonly cpu: string; readonly cores: number };
  /** The system's one-minute load at the end. */
  readonly load: number;
  readonly node: string;
  readonly timings: readonly Timing[];
}

/** The page as Markdown. */
export function statisticsPage({ machine, load, node, timings }: StatisticsReport): string {
  const lines = timings.map(({ task, limit, seconds, processor }) => {
    const cells = [median(seconds), Math.min(...seconds), median(processor)].map((value) => value.toFixed(3));
    return `| ${task} | ${cells.join(' | ')} | ${limit ?? ''} |`;
  });
  return `# Speed of the statistics

Made by \`npm run bench -- statistics\`; do not edit. All figures are in \`statistics.json\`.

Seconds on one core, after one round to warm up; ${timings[0]?.seconds.length ?? 0} rounds.

| task | median | fastest | processor | limit |
| ---- | -----: | ------: | --------: | ----: |
${lines.join('\n')}

${machine.cpu}, ${machine.cores} cores, Node ${node}. The machine’s load was ${load.toFixed(1)} at the end; above ${machine.cores} other work was running too.
`;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
