// docs/benchmarks/curation-size.md, from the figures of one run.
import type { documentShape } from './documents.ts';
import type { OwnFigures } from './figures.ts';
import type { wholeCuration } from './settings.ts';

export interface SizeRun extends OwnFigures {
  readonly format: 'jsonl' | 'csv';
  readonly bytes: number;
  /** The system's one-minute load before it. */
  readonly load: number;
}

export interface FullRead {
  readonly tool: string;
  readonly format: 'jsonl' | 'csv';
  readonly bytes: number;
  readonly seconds: number;
  /** Absent where nobody measured. */
  readonly peakMiB?: number;
}

export interface SizeReport {
  readonly machine: { readonly cpu: string; readonly cores: number };
  readonly node: string;
  readonly duckdb: string;
  readonly load: number;
  readonly shape: typeof documentShape;
  readonly settings: typeof wholeCuration;
  readonly runs: readonly SizeRun[];
  readonly reads: readonly FullRead[];
}

const formats = { jsonl: 'JSON Lines', csv: 'CSV' };

/** The page as Markdown. */
export function sizePage({ machine, node, duckdb, load, shape, runs, reads }: SizeReport): string {
  const highest = Math.max(load, ...runs.map((run) => run.load));
  const growing = runs.filter(({ format }) => format === 'jsonl');
  return `# Curation of large files

Made by \`npm run bench -- curation-size\`; do not edit. All figures and the settings are in \`curation-size.json\`.

Whole curations in two worker threads: reading, validation, redaction of personal data, quality rules, exact and near duplicates with true similarity, split, and everything
written. Documents of ${shape.words.join(' to ')} words with a label, as in [curation.md](curation.md); every fiftieth holds an e-mail address.

| file | documents | seconds | MB/s | documents/s per core | peak memory (MB) | kept |
| ---- | --------: | ------: | ---: | -------------------: | ---------------: | ---: |
${runs.map(runLine).join('\n')}

Peak memory is the largest resident set of the process, threads included. *Per core*: documents for each second of processor time of all threads together.

| from | rows | seconds | processor time | peak memory |
| ---- | ---: | ------: | -------------: | ----------: |
${growing
  .slice(1)
  .map((run, index) => growthLine(growing[index] ?? run, run))
  .join('\n')}

Growth from one size to the next; up to 4 is in proportion to the rows.

## Where the time goes

| file | ${stepsOf(runs).join(' | ')} |
| ---- | ${stepsOf(runs)
    .map(() => '---:')
    .join(' | ')} |
${runs
  .map(
    (run) =>
      `| ${fileOf(run)} | ${stepsOf(runs)
        .map((step) => (run.steps[step] ?? 0).toFixed(1))
        .join(' | ')} |`,
  )
  .join('\n')}

Seconds. *start* ends with the first rows, *read* ends with every row on disk and hashed, *duplicates* finds exact and near ones.

## Beside tools that only read

| tool | file | seconds | MB/s | peak memory (MB) |
| ---- | ---- | ------: | ---: | ---------------: |
${reads.map(readLine).join('\n')}

The same files, just written and so in the system’s memory. DuckDB works with two threads.

## Machine

${machine.cores} cores of ${machine.cpu}, Node.js ${node}, DuckDB ${duckdb}. The machine’s load was at most ${highest.toFixed(1)} before a run.
${highest > machine.cores + 1 ? 'Other work was running too: seconds are longer than they need be, processor time much less so.' : ''}
`;
}

function fileOf({ format, bytes }: Pick<SizeRun, 'format' | 'bytes'>): string {
  return `${count(bytes / 1e6)} MB of ${formats[format]}`;
}

function runLine(run: SizeRun): string {
  const { bytes, documents, seconds, cpuSeconds, peakMiB, kept } = run;
  const cells = [
    fileOf(run),
    count(documents),
    seconds.toFixed(1),
    (bytes / 1e6 / seconds).toFixed(1),
    count(documents / cpuSeconds),
    count(peakMiB * 1.048576),
    count(kept),
  ];
  return `| ${cells.join(' | ')} |`;
}

function growthLine(from: SizeRun, to: SizeRun): string {
  const ratio = (of: (run: SizeRun) => number): string => `× ${(of(to) / of(from)).toFixed(2)}`;
  const cells = [
    `${count(from.bytes / 1e6)} to ${count(to.bytes / 1e6)} MB`,
    ratio(({ documents }) => documents),
    ratio(({ seconds }) => seconds),
    ratio(({ cpuSeconds }) => cpuSeconds),
    ratio(({ peakMiB }) => peakMiB),
  ];
  return `| ${cells.join(' | ')} |`;
}

function readLine(read: FullRead): string {
  const { tool, bytes, seconds, peakMiB } = read;
  const memory = peakMiB === undefined ? '' : count(peakMiB * 1.048576);
  return `| ${tool} | ${fileOf(read)} | ${seconds.toFixed(1)} | ${count(bytes / 1e6 / seconds)} | ${memory} |`;
}

function stepsOf(runs: readonly SizeRun[]): string[] {
  return Object.keys(runs[0]?.steps ?? {});
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}
