// docs/benchmarks/eval.md, from the figures of one run.
import type { KilledRun } from './kills.ts';
import type { AskTurn } from './through-temporal.ts';
import type { Turn } from './turn.ts';

export interface ScaleRun {
  readonly rows: number;
  readonly errors: number;
  readonly accuracy: number;
  readonly requests: number;
  readonly peak: number;
  readonly requestSeconds: number;
  readonly processSeconds: number;
  /** Largest resident set of the process up to the end of each phase, from the operating system. */
  readonly peakRssMiB: { readonly loading: number; readonly asking: number; readonly scoring: number };
  readonly load: number;
}

export interface EvalReport {
  readonly machine: { readonly cpu: string; readonly cores: number };
  readonly node: string;
  /** The system's one-minute load. */
  readonly load: { readonly before: number; readonly after: number };
  readonly rows: number;
  readonly latencyMs: number;
  readonly concurrency: number;
  readonly tools: readonly { readonly name: string; readonly version: string; readonly arms: number }[];
  readonly turns: readonly Turn[];
  readonly killed: KilledRun;
  readonly temporal: readonly AskTurn[];
  readonly scale: ScaleRun;
}

/** The page as Markdown. Seconds are medians over the rounds, with the least and the most behind them. */
export function evalPage(report: EvalReport): string {
  const { rows, latencyMs, concurrency, turns, killed, scale, machine, load } = report;
  const rounds = turns.length / report.tools.length;
  const ideal = ((rows / concurrency) * latencyMs) / 1000;
  const highest = Math.max(load.before, load.after, ...turns.map((turn) => turn.load));
  return `# Speed of evaluation

Made by \`npm run bench -- eval\`; do not edit. All figures are in \`eval.json\`.

${rows.toLocaleString('en')} texts of Banking77’s test part are asked of a local endpoint that answers after ${latencyMs} ms: nine in ten times with the
right label, and to the same text always the same. Every tool sends the same prompt, may have ${concurrency} requests under way, and
counts which answers are the label. The endpoint is a process of its own and counts for itself. The least possible time
is ${ideal.toFixed(2)} s: ${rows} / ${concurrency} × ${latencyMs} ms.

| tool | request phase (s) | whole process (s) | most at once | requests | accuracy |
| ---- | ----------------: | ----------------: | -----------: | -------: | -------: |
${report.tools.map((tool) => toolLine(tool, turns)).join('\n')}

${rounds === 1 ? 'One round.' : `Medians of ${rounds} rounds in which the tools take turns, with the fastest and slowest round behind.`} The request phase runs from
the first request to the last answer, as the endpoint sees them; the whole process from its start to its exit. ${agreement(turns)}

One arm is the engine of \`contender eval\` in a process that asks, stores every answer on disk as it arrives, scores, and writes
a scorecard. The command itself has at least two arms: it asks both at once, compares them and writes a report. Both run
from sources whose compiled form an earlier start has kept.

## ${scale.rows.toLocaleString('en')} rows

One arm: ${scale.requestSeconds.toFixed(1)} s of requests (least possible: ${(((scale.rows / concurrency) * latencyMs) / 1000).toFixed(1)} s), ${scale.processSeconds.toFixed(1)} s in all, at most ${scale.peak} at once, ${scale.errors} errors. The
process’s largest resident set was ${megabytes(scale.peakRssMiB.loading)} MB when the suite was loaded, ${megabytes(scale.peakRssMiB.asking)} MB when all had answered, and
${megabytes(scale.peakRssMiB.scoring)} MB at the end.

## Through Temporal

The same rows as the workflow \`askArm\` in shards of 200 rows, on a development server with one worker on the same machine; from
the call to the result, without scoring.

| way | seconds | request phase (s) | most at once | requests |
| --- | ------: | ----------------: | -----------: | -------: |
${(['bare engine', 'through Temporal'] as const).map((way) => wayLine(way, report.temporal)).join('\n')}

## Killed ${killed.kills} times

One arm is killed with SIGKILL ${killed.kills} times at different moments while it asks, and started again each time. Of ${killed.requests} requests the endpoint
answered ${killed.answered}, for ${killed.texts} different texts. Answers that had been read and were asked for again: **${killed.paidTwice}**.
Requests that the kill ended before their answer: ${killed.abandoned}. Answers that were on their way when the process died, which
nobody can keep: ${killed.lostOnTheWay}${killed.lostOnTheWay === 0 ? '' : `, sent at most ${killed.lostAfterMs.toFixed(0)} ms before the end of the connection`}.

## Machine

${machine.cores} cores of ${machine.cpu}, Node.js ${report.node}; tools and endpoint share them. The machine’s load was ${load.before.toFixed(1)} before the first turn, ${load.after.toFixed(1)} at
the end, and at most ${highest.toFixed(1)} before a turn. ${highest > machine.cores + 1 ? 'Other work was running too, and the seconds are not to be relied on.' : ''}
`;
}

function toolLine({ name, version }: EvalReport['tools'][number], turns: readonly Turn[]): string {
  const own = turns.filter(({ tool }) => tool === name);
  const cells = [
    `${name} ${version}`.trim(),
    spread(own.map(({ requestSeconds }) => requestSeconds)),
    spread(own.map(({ processSeconds }) => processSeconds)),
    [...new Set(own.map(({ peak }) => peak))].join(', '),
    [...new Set(own.map(({ requests }) => requests))].join(', '),
    [...new Set(own.map(({ accuracy }) => accuracy.toFixed(4)))].join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}

function wayLine(way: AskTurn['way'], turns: readonly AskTurn[]): string {
  const own = turns.filter((turn) => turn.way === way);
  const cells = [
    way,
    spread(own.map(({ seconds }) => seconds)),
    spread(own.map(({ requestSeconds }) => requestSeconds)),
    [...new Set(own.map(({ peak }) => peak))].join(', '),
    [...new Set(own.map(({ requests }) => requests))].join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}

function agreement(turns: readonly Turn[]): string {
  const found = new Set(turns.map(({ accuracy }) => accuracy.toFixed(4)));
  return found.size === 1
    ? `All tools agree on the accuracy in every round.`
    : `**The tools do not agree on the accuracy**: ${[...found].join(', ')}.`;
}

function megabytes(mebibytes: number): string {
  return (mebibytes * 1.048576).toFixed(0);
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const [least = Number.NaN, most = Number.NaN] = [sorted[0], sorted.at(-1)];
  return sorted.length < 2 ? middle.toFixed(2) : `${middle.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
}
