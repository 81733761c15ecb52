// docs/benchmarks/training.md, from the figures of one run.

/** One side's figures of one round. */
export interface Side {
  readonly tokens: number;
  readonly seconds: number;
  /** Mean loss of each step. */
  readonly losses: readonly number[];
  readonly peak_memory_bytes: number;
}

export interface TrainingReport {
  readonly machine: { readonly cpu: string; readonly cores: number };
  /** The system's one-minute load before the first turn and after each. */
  readonly load: readonly number[];
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly train: Readonly<Record<string, unknown>>;
  readonly rounds: Readonly<Record<string, readonly Side[]>>;
}

/** The page as Markdown. Speeds and memory are medians over the rounds; ratios are of those medians. */
export function trainingPage(report: TrainingReport): string {
  const { contender = [], trl = [], 'trl packing': packed = [] } = report.rounds;
  const [own, peer] = [contender[0], trl[0]];
  if (own === undefined || peer === undefined) {
    throw new Error('a side has no round');
  }
  const apart = Math.max(...own.losses.map((loss, step) => Math.abs(loss - (peer.losses[step] ?? Number.NaN))));
  const ratios = contender.map((round, index) => (speed([round]) / speed(trl.slice(index, index + 1))).toFixed(2));
  const [before = Number.NaN] = report.load;
  const highest = Math.max(...report.load);
  const line = (name: string, side: readonly Side[]): string =>
    `| ${name} | ${speed(side).toFixed(0)} | ${(speed(side) / speed(trl)).toFixed(2)} | ${mebibytes(side).toFixed(0)} |`;
  const settings = Object.entries(report.train).map(([key, value]) => `\`${key}: ${String(value)}\``);
  const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`);
  return `# Training speed

Made by \`npm run bench -- training\`; do not edit. All figures are in \`training.json\`.

The trainer and TRL’s \`SFTTrainer\` train SmolLM2-135M-Instruct on the same ${report.rows} rows of the demo (${own.tokens} tokens), in the
same order, with the same settings: ${settings.join(', ')}, fp32.
They take turns, ${contender.length} rounds; TRL with packing runs ${packed.length === 1 ? 'once' : `${packed.length} times`}. Tokens are those of
the rows, without padding. Time runs from the first step to the end of the last, without loading and without the
checkpoint that the trainer writes after it; TRL writes none. TRL has no gradient checkpointing here,
and loss on completions only, as has the trainer.

| side | tokens/s | × TRL | peak memory (MiB) |
| ---- | -------: | ----: | ----------------: |
${line('Contender', contender)}
${line('TRL', trl)}
${line('TRL with packing', packed)}

Tokens/s and memory are medians over the rounds. Contender’s speed over TRL’s in each round: ${ratios.join(', ')}.

The machine’s load was ${before.toFixed(1)} before the first turn and at most ${highest.toFixed(1)} after one, on ${report.machine.cores} cores. Above ${report.machine.cores + 1} other work was
running too, and the speeds are not to be relied on.

Loss of each step differs by at most ${apart.toExponential(1)} between Contender and TRL. With packing TRL’s steps hold other rows, so only
its speed can be compared.

${report.machine.cores} cores of ${report.machine.cpu}; ${versions.join(', ')}. Rows of this demo share their instructions, which the trainer computes once a batch; the gain on
rows that share nothing was not measured.
`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

function speed(side: readonly Side[]): number {
  return median(side.map((round) => round.tokens / round.seconds));
}

function mebibytes(side: readonly Side[]): number {
  return median(side.map((round) => round.peak_memory_bytes)) / 2 ** 20;
}
