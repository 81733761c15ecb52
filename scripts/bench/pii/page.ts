// docs/benchmarks/pii.md, from the figures of one run.
import type { TypeScore } from '../../../datasets/pii/synthetic-pii.ts';
import { wilsonInterval } from '../../../evals/statistics/wilson.ts';

export interface Speed {
  readonly name: string;
  readonly megabytes: number;
  /** Megabytes a second of one core, one a round. */
  readonly rounds: readonly number[];
}

export interface PiiReport {
  readonly machine: { readonly cpu: string; readonly cores: number };
  readonly node: string;
  /** The system's one-minute load before and after. */
  readonly load: readonly [number, number];
  readonly seed: number;
  readonly positives: number;
  readonly negatives: number;
  readonly ours: Readonly<Record<string, TypeScore>>;
  readonly peer: {
    readonly versions: Readonly<Record<string, string>>;
    readonly threshold: number;
    readonly scores: Readonly<Record<string, TypeScore>>;
    /** With every finding, however unsure. */
    readonly anyScore: Readonly<Record<string, TypeScore>>;
    readonly megabytesPerSecond: number;
  };
  readonly oursOnSetMegabytesPerSecond: number;
  readonly faker: readonly {
    readonly kind: string;
    readonly type: string;
    readonly values: number;
    readonly ours: number;
    readonly peer: number;
  }[];
  readonly speeds: readonly Speed[];
}

const noPeer = new Set(['url_credentials', 'api_key', 'private_key', 'medical_record']);

export function piiPage(report: PiiReport): string {
  const { machine, node, load, ours, peer, faker, speeds } = report;
  const rows = Object.entries(ours).map(([type, score]) => {
    const theirs = noPeer.has(type) ? undefined : peer.scores[type];
    const unsure = noPeer.has(type) ? undefined : peer.anyScore[type];
    const other = [theirs, unsure].map((one) =>
      one === undefined ? '–' : `${percent(one.recall)}, ${percent(one.precision)}`,
    );
    const cells = [
      score.positives,
      rate(score.found, score.positives),
      rate(score.found, score.found + score.wrong),
      score.wrong,
      ...other,
    ];
    return `| \`${type}\` | ${cells.join(' | ')} |`;
  });
  const outside = faker.map(({ kind, type, values, ours: own, peer: theirs }) => {
    return `| \`${type}\`: ${kind} | ${values} | ${rate(own, values)} | ${percent(theirs / values)} |`;
  });
  const fast = speeds.map(({ name, megabytes, rounds }) => {
    return `| ${name} | ${megabytes.toFixed(1)} | ${median(rounds).toFixed(0)} | ${Math.min(...rounds).toFixed(0)} – ${Math.max(...rounds).toFixed(0)} |`;
  });
  const versions = Object.entries(peer.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
  return `# Personal data: what is found, and how fast

Made by \`npm run bench -- pii\`; do not edit. All figures are in \`pii.json\`. Peers: ${versions}.

## Generated values and hard negatives

${report.positives} labelled values in sentences and ${report.negatives} texts without any (order numbers, ISBNs, EANs, hashes, UUIDs,
versions, dates, prices, serial numbers, coordinates, colours, wrong IBANs, cards that fail Luhn, images in base64, part numbers,
private networks, talk of secrets), seed ${report.seed}, which was not looked at while the detectors were made. In brackets the Wilson interval
at 95 %. A value is found when a finding of its type covers it and at most two characters more on a side.

| type | n | recall | precision | wrong | Presidio from ${peer.threshold}: recall, precision | Presidio, all findings |
| ---- | -: | -----: | --------: | ----: | ---------------------------: | ---------------------: |
${rows.join('\n')}

Presidio: its pattern recognizers without a language model, from a score of ${peer.threshold} (the default of \`pii.presidio.min_score\`) and with
every finding, with a blank spaCy pipeline for its context words. It has recognizers for 8 of the 11 kinds of \`national_id\` in the set,
none for the NIR, BSN and CPF, and none for the types with a dash. It reports private addresses as \`ip\` and passwords before an @ as
\`email\` by design, which count as wrong here. Its recognizers were not made for this set, ours were made from the same format
descriptions as the set: read the comparison as a list of differences, not as a ranking. On this set Presidio scanned
${peer.megabytesPerSecond.toFixed(2)} MB/s, ours ${report.oursOnSetMegabytesPerSecond.toFixed(1)} MB/s.

## Values that others generated

Faker's values, each in one sentence that names what it is; recall alone.

| type and locale | n | ours | Presidio |
| --------------- | -: | ---: | -------: |
${outside.join('\n')}

Faker's British National Insurance numbers begin with ZZ and end with T, which are never issued, and are refused for that. Some of its
cards have 12 digits or prefixes that no issuer has; some of its American telephone numbers have area codes that do not exist.

## Speed

One thread, the scan alone, megabytes of UTF-8 a second; median and range of ${speeds[0]?.rounds.length ?? 0} rounds after one to warm up.

| texts | MB | MB/s | range |
| ----- | -: | ---: | ----: |
${fast.join('\n')}

${machine.cpu}, ${machine.cores} cores, Node ${node}. The machine’s load was ${load[0].toFixed(1)} before and ${load[1].toFixed(1)} after; above ${machine.cores} other work was running too.

## What this cannot show

- The generated set and the detectors were written by the same people from the same descriptions of formats. Its figures say that the
  detectors do what they are meant to do; they are an upper bound for texts that people wrote.
- Values stand in sentences that are short and tidy. Typing errors, numbers read out in words, tables without headings, scans and
  other languages’ cue words are not in it.
- Numbers whose check is weak are in the set with the word that names them. Without that word they are left alone on purpose, and
  would lower recall in texts that have them bare.
- The share of personal data in real texts is far lower than in the set; with it the precision that a reader sees falls.
- Names, addresses and dates of birth are not looked for; a Presidio-compatible analyzer can be asked for them.
`;
}

function rate(successes: number, n: number): string {
  const { low, high } = wilsonInterval(successes, n, 0.95);
  return `${percent(successes / n)} (${(low * 100).toFixed(1)} – ${(high * 100).toFixed(1)})`;
}

function percent(value: number): string {
  return Number.isNaN(value) ? '–' : `${(value * 100).toFixed(1)} %`;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
