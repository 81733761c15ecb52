// Measures the report of large contests: time and memory of making it, and how fast its rows browser is in Chromium.
//
//   npm run bench -- report       CHROMIUM names the browser's command; chromium by default
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { packageRoot } from '../../infra/settings.ts';
import { fileStore } from '../../registry/file-store.ts';
import { withBrowser } from './report/browser.ts';
import { storeContest, type ContestShape } from './report/contest.ts';
import { reportPage, type MeasuredReport } from './report/page.ts';
import { usePage } from './report/use-page.ts';

const shapes: readonly (ContestShape & { readonly name: string })[] = [
  { name: '50,000 rows, labels', rows: 50_000, inputWords: 40, answerWords: 0 },
  { name: '50,000 rows, texts', rows: 50_000, inputWords: 60, answerWords: 60 },
  { name: '100,000 rows, labels', rows: 100_000, inputWords: 40, answerWords: 0 },
];
/** One that is nowhere, one that is everywhere, and two between. */
const phrases = ['nowhere to be found', 'e', 'intent number 41', 'ebb eaa'];

const renderedSchema = z.strictObject({
  readSeconds: z.number(),
  renderSeconds: z.number(),
  peakMegabytes: z.number(),
  pageMegabytes: z.number(),
});

const folder = await mkdtemp(join(tmpdir(), 'contender-report-'));
const command = process.env['CHROMIUM'] ?? 'chromium';
const measured: MeasuredReport[] = [];
try {
  for (const { name, ...shape } of shapes) {
    const contest = await storeContest(fileStore(folder), shape);
    const [contestFile, pageFile] = [join(folder, 'contest.json'), join(folder, 'page.html')];
    await writeFile(contestFile, JSON.stringify(contest));
    const script = join(packageRoot, 'scripts', 'bench', 'report', 'render.ts');
    const { stdout } = await execa(process.execPath, [script, folder, contestFile, pageFile]);
    const rendered = renderedSchema.parse(JSON.parse(stdout));
    const page = await withBrowser(command, async (opened) => {
      await opened.open(pathToFileURL(pageFile).href);
      const figures = await usePage(opened, phrases);
      return { ...figures, requests: opened.requested().length };
    });
    measured.push({ name, arms: 4, rendered, page, load: loadavg()[0] ?? 0 });
    console.error(`bench: ${name}: ${JSON.stringify({ rendered, page })}`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
const { stdout: browser } = await execa(command, ['--version'], { stderr: 'ignore' });
const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version, browser };
const figures = { machine, measured };
const target = join(packageRoot, 'docs', 'benchmarks', 'report');
await writeFile(`${target}.json`, `${JSON.stringify(figures, null, 2)}\n`);
const options = { ...(await resolveConfig(target)), parser: 'markdown' };
await writeFile(`${target}.md`, await format(reportPage(figures), options));
