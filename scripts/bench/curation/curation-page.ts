// docs/benchmarks/curation.md, from the figures of one run.
import type { documentShape, DocumentFile } from './documents.ts';
import type { OwnFigures } from './figures.ts';
import type { Judged } from './judged.ts';
import type { peerVersions } from './peers.ts';
import type { bandSettings } from './settings.ts';

/** One tool, once. */
export interface Turn extends Pick<OwnFigures, 'documents' | 'kept' | 'seconds' | 'cpuSeconds' | 'peakMiB' | 'steps'> {
  readonly tool: string;
  /** The system's one-minute load before it. */
  readonly load: number;
}

export interface CurationReport {
  readonly machine: { readonly cpu: string; readonly cores: number };
  readonly node: string;
  readonly load: number;
  readonly file: DocumentFile & typeof documentShape;
  readonly settings: typeof bandSettings;
  readonly versions: typeof peerVersions;
  /** Documents that the slowest tool was given. */
  readonly fewer: number;
  readonly turns: readonly Turn[];
  readonly judged: Judged;
}

const names: Readonly<Record<string, string>> = {
  contender: 'Contender, one thread',
  'contender, 2 threads': 'Contender, two worker threads',
  datasketch: 'datasketch',
  rensa: 'rensa',
  datatrove: 'datatrove',
};

/** The page as Markdown. Figures are medians over the rounds. */
export function curationPage(report: CurationReport): string {
  const { file, settings, machine, turns, judged, versions, fewer } = report;
  const { ours } = judged;
  const tools = Object.keys(names).filter((name) => turns.some(({ tool }) => tool === name));
  const rounds = turns.filter(({ tool }) => tool === 'contender').length;
  const highest = Math.max(report.load, ...turns.map(({ load }) => load));
  return `# Speed of deduplication

Made by \`npm run bench -- curation\`; do not edit. All figures are in \`curation.json\`.

${count(file.documents)} documents (${(file.bytes / 1e6).toFixed(0)} MB of JSON Lines) of ${file.words.join(' to ')} words from a vocabulary of ${count(file.vocabulary)}, made from the seed ${file.seed}; ${percent(file.copies)} repeat an earlier one with
${file.replaced.join(' to ')} words replaced. All tools work on the same file with the same settings: shingles of ${settings.words} words, ${settings.bands} bands × ${settings.rows} rows, similar
from a Jaccard similarity of ${settings.threshold} up. datatrove is given the first ${count(fewer)} documents, since it would take many minutes for all.

| tool | documents | seconds | documents/s | per core | peak memory (MB) | kept |
| ---- | --------: | ------: | ----------: | -------: | ---------------: | ---: |
${tools.map((tool) => speedLine(tool, turns)).join('\n')}

${rounds === 1 ? 'One round.' : `Medians of ${rounds} rounds in which the tools take turns.`} *Per core*: documents for each second of processor time, of all threads together. Contender’s seconds are those of
its whole process, from its start to the written splits: it reads, validates, drops exact and near duplicates, verifies every near duplicate by the true similarity,
splits, and writes splits, the list of dropped rows and the clusters for review. The others’ begin when Python and their modules are loaded, and they write less:
datasketch and rensa give the numbers of documents to drop, datatrove the kept documents.

Without reading and without making shingles, which are Python’s own, datasketch takes ${rate(turns, 'datasketch', 'hash and index')} documents/s and rensa ${rate(turns, 'rensa', 'hash and index')}; making the
shingles and reading come to ${rate(turns, 'rensa', 'read', 'shingle')} documents/s by themselves. datatrove’s signatures: ${rate(turns, 'datatrove', 'signatures')} documents/s.

## What is found

Held against all ${count(judged.pairs)} pairs of documents with a similarity of ${settings.threshold} or more, found without MinHash: an inverted index of the shingles, and sets of strings compared.

| tool | pairs | found | of different texts | found | dropped, and like no other |
| ---- | ----: | ----: | -----------------: | ----: | -------------------------: |
${['ours', ...tools].flatMap((tool) => foundLine(tool, judged)).join('\n')}

A pair is found when the tool drops one of the two. The last column counts dropped documents that reach the threshold with no other document at all.

Contender keeps the clusters too: of the ${count(ours.textPairs)} pairs of different texts that are similar, ${count(ours.textPairsInOneCluster)} (${percent(ours.textPairsInOneCluster / ours.textPairs, 2)}) lie in one
cluster of \`clusters.jsonl\`, which no split parts. False pairs, dropped documents whose true similarity to the document named as kept instead is below the
threshold: **${ours.falseNear}** of ${count(ours.nearDropped)} near duplicates and **${ours.falseExact}** of ${count(ours.exactDropped)} exact ones. The lowest similarity of a near duplicate is ${ours.lowestSimilarity.toFixed(4)}; ${ours.misstatedSimilarities} of the
similarities in \`dropped.jsonl\` differ from the true ones.

## Machine

${machine.cores} cores of ${machine.cpu}, Node.js ${report.node}, datatrove ${versions['datatrove[processing,io]']}, datasketch ${versions.datasketch}, rensa ${versions.rensa}. The machine’s load was at most ${highest.toFixed(1)} before a turn.
${highest > machine.cores + 1 ? 'Other work was running too: seconds are longer than they need be, processor time much less so.' : ''}
`;
}

function speedLine(tool: string, turns: readonly Turn[]): string {
  const own = turns.filter((turn) => turn.tool === tool);
  const { documents = 0, kept = 0 } = own[0] ?? {};
  const cells = [
    names[tool] ?? tool,
    count(documents),
    median(own.map(({ seconds }) => seconds)).toFixed(1),
    count(documents / median(own.map(({ seconds }) => seconds))),
    count(documents / median(own.map(({ cpuSeconds }) => cpuSeconds))),
    (Math.max(...own.map(({ peakMiB }) => peakMiB)) * 1.048576).toFixed(0),
    count(kept),
  ];
  return `| ${cells.join(' | ')} |`;
}

function foundLine(tool: string, { tools }: Judged): string[] {
  const found = tools[tool];
  if (found === undefined) {
    return [];
  }
  const cells = [
    tool === 'ours' ? 'Contender' : tool,
    count(found.pairs),
    percent(found.pairsFound / found.pairs, 2),
    count(found.differentPairs),
    percent(found.differentPairsFound / found.differentPairs, 2),
    count(found.droppedWithoutLike),
  ];
  return [`| ${cells.join(' | ')} |`];
}

/** Documents a second in these phases of a peer. */
function rate(turns: readonly Turn[], tool: string, ...phases: string[]): string {
  const own = turns.filter((turn) => turn.tool === tool);
  const seconds = own.map(({ steps }) => phases.reduce((sum, phase) => sum + (steps[phase] ?? Number.NaN), 0));
  return count((own[0]?.documents ?? 0) / median(seconds));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function percent(part: number, digits = 0): string {
  return `${(part * 100).toFixed(digits)} %`;
}
