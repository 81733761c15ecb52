// npm run bench -- pii: what the scan for personal data finds in generated texts beside Presidio, and how fast it is.
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { createPiiScanner } from '../../datasets/pii/scanner.ts';
import { scoreTypes, syntheticPii } from '../../datasets/pii/synthetic-pii.ts';
import { piiSchema } from '../../domain/recipe-pii.ts';
import { loadSettings, packageRoot } from '../../infra/settings.ts';
import { piiPage, type PiiReport, type Speed } from './pii/page.ts';
import { peerPython, peerVersions } from './pii/peer-folder.ts';
import { fakerValues, presidioScan, type FakerValue } from './pii/peers.ts';
import { mixedTexts, ordinaryTexts } from './pii/speed-texts.ts';

const seed = 47_112_026;
const fakerSeed = 801;
const rounds = 5;

const settings = piiSchema.parse({ presidio: { url: 'http://127.0.0.1' } });
const threshold = settings.presidio?.min_score ?? Number.NaN;
const scanner = createPiiScanner(settings);
const loadBefore = load();
const python = await peerPython(loadSettings().home);

const set = syntheticPii(seed, 400, 200);
const texts = set.map(({ text }) => text);
const presidio = await presidioScan(python, texts, settings.phone_regions);
const confident = presidio.findings.map((found) => found.filter(({ score }) => score >= threshold));
const setMegabytes = megabytesOf(texts);
const [onSet = Number.NaN] = speedOf('set', texts).rounds.toSorted((left, right) => right - left);

const report: PiiReport = {
  machine: { cpu: cpus()[0]?.model.replaceAll(/\s+/gu, ' ').trim() ?? 'unknown', cores: cpus().length },
  node: process.version,
  load: [loadBefore, load()],
  seed,
  positives: set.filter(({ finding }) => finding !== undefined).length,
  negatives: set.filter(({ finding }) => finding === undefined).length,
  ours: Object.fromEntries(scoreTypes(set, (text) => scanner.scan(text))),
  peer: {
    versions: peerVersions,
    threshold,
    scores: Object.fromEntries(scoreTypes(set, (_, index) => confident[index] ?? [])),
    anyScore: Object.fromEntries(scoreTypes(set, (_, index) => presidio.findings[index] ?? [])),
    megabytesPerSecond: setMegabytes / presidio.seconds,
  },
  oursOnSetMegabytesPerSecond: onSet,
  faker: await onFaker(await fakerValues(python, fakerSeed)),
  speeds: [
    speedOf('ordinary sentences, nothing to find', ordinaryTexts(seed, 20)),
    speedOf('the same, one value or hard negative in each text of 400 characters', mixedTexts(seed, 10)),
    speedOf('the generated set: little else than values and hard negatives', texts),
  ],
};
const base = join(packageRoot, 'docs', 'benchmarks', 'pii');
await writeFile(`${base}.json`, `${JSON.stringify(report, null, 2)}\n`);
await writeFile(`${base}.md`, piiPage(report));
await execa('prettier', ['--write', `${base}.json`, `${base}.md`], { cwd: packageRoot, preferLocal: true });

async function onFaker(values: readonly FakerValue[]): Promise<PiiReport['faker']> {
  const placed = values.map(({ type, kind, cue, value }) => {
    const text = `The ${cue} is ${value}, as on the form.`;
    const start = text.lastIndexOf(value);
    return {
      type,
      kind,
      text,
      covers: (one: Place) => one.type === type && one.start <= start && one.end >= start + value.length,
    };
  });
  const theirs = await presidioScan(
    python,
    placed.map(({ text }) => text),
    settings.phone_regions,
  );
  return [...Map.groupBy(placed.entries(), ([, { kind }]) => kind)].map(([kind, of]) => ({
    kind,
    type: of[0]?.[1].type ?? '',
    values: of.length,
    ours: of.filter(([, { text, covers }]) => scanner.scan(text).some(covers)).length,
    peer: of.filter(([index, { covers }]) => {
      return theirs.findings[index]?.some((one) => one.score >= threshold && covers(one)) === true;
    }).length,
  }));
}

interface Place {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

function speedOf(name: string, of: readonly string[]): Speed {
  const megabytes = megabytesOf(of);
  const measured: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const started = performance.now();
    for (const text of of) {
      scanner.scan(text);
    }
    if (round > 0) {
      measured.push(megabytes / ((performance.now() - started) / 1000));
    }
  }
  return { name, megabytes, rounds: measured };
}

function megabytesOf(of: readonly string[]): number {
  return of.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
}

function load(): number {
  return loadavg()[0] ?? Number.NaN;
}
