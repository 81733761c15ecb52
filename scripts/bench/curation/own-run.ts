// One curation in a process of its own: its figures go to stdout.
//
// node own-run.ts FILE THREADS FOLDER CURATE keep|discard: CURATE is JSON; `keep` leaves the results in FOLDER.
import { createReadStream, statSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { curate } from '../../../datasets/curate.ts';
import { datasetSchema } from '../../../domain/recipe-dataset.ts';
import { bandSettings } from './settings.ts';
import type { OwnFigures } from './figures.ts';

const [path = '', threads = '0', folder = '', settings = '{}', results = 'discard'] = process.argv.slice(2);
const dataset = datasetSchema.parse({
  sources: [{ path, map: { input: 'text', output: 'label' } }],
  curate: {
    dedupe: { near: { shingle: 'words', size: bandSettings.words, threshold: bandSettings.threshold } },
    split: { train: 0.8, validation: 0.1, test: 0.1 },
    ...JSON.parse(settings),
  },
});
const steps: Record<string, number> = {};
let [step, since] = ['start', 0];
const turnTo = (next: string): void => {
  if (next !== step) {
    steps[step] = (performance.now() - since) / 1000;
    [step, since] = [next, performance.now()];
  }
};
const { size: bytes } = statSync(path);
const curation = await curate({
  name: 'bench',
  dataset,
  files: [{ path, source: 0, bytes, local: path, open: () => createReadStream(path, { highWaterMark: 2 ** 20 }) }],
  scratch: folder,
  threads: Number(threads),
  onProgress: (progress) => turnTo(progress.step),
});
turnTo('end');
// From the start of the process, loading of modules included.
const seconds = performance.now() / 1000;
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const { splits, lists } = curation;
if (results === 'keep') {
  for (const file of [splits.train.path, splits.validation.path, splits.test.path, lists.dropped, lists.clusters]) {
    await cp(file, join(folder, basename(file)));
  }
}
const figures: OwnFigures = {
  documents: curation.read,
  kept: curation.kept,
  dropped: curation.dropped,
  seconds,
  cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
  peakMiB: maxRSS / 1024,
  steps,
  pairsCompared: curation.near?.pairsCompared ?? 0,
  clusters: curation.clusters?.clusters ?? 0,
};
await curation.remove();
process.stdout.write(JSON.stringify(figures));
