// Renders the report of a stored contest in a process of its own, as the activity does, and prints what it took.
//
//   node scripts/bench/report/render.ts STORE CONTEST.json PAGE.html
import { readFile, writeFile } from 'node:fs/promises';
import { parseLines } from '../../../activities/json-lines.ts';
import { readReportArms } from '../../../activities/report-arms.ts';
import { suiteRowSchema } from '../../../domain/suite.ts';
import { verdictSchema } from '../../../domain/verdict.ts';
import { decidingMetric } from '../../../evals/report/contest.ts';
import { renderReport } from '../../../evals/report/render-report.ts';
import { getBlob } from '../../../registry/blobs.ts';
import { fileStore } from '../../../registry/file-store.ts';
import { parseStored } from '../../../registry/json.ts';
import type { StoredContest } from './contest.ts';

const [folder = '', contestFile = '', pageFile = ''] = process.argv.slice(2);
const contest: StoredContest = JSON.parse(await readFile(contestFile, 'utf8'));
const store = fileStore(folder);
const started = performance.now();
const verdict = parseStored(contest.verdict.key, await getBlob(store, contest.verdict), verdictSchema);
const rows = parseLines(await getBlob(store, contest.rows), suiteRowSchema);
const rowIds = rows.map(({ id }) => id);
const arms = await readReportArms(store, contest.scorecards, rowIds, decidingMetric(verdict));
const read = performance.now();
const page = await renderReport({
  title: 'bench',
  key: 'bench',
  createdAt: '2026-01-01T00:00:00.000Z',
  task: rows.some(({ output }) => !output.startsWith('intent')) ? 'generation' : 'classification',
  verdict,
  arms,
  rows,
  judged: [],
  stages: [],
  lineage: [],
  run: null,
});
const rendered = performance.now();
await writeFile(pageFile, page);
console.log(
  JSON.stringify({
    readSeconds: (read - started) / 1000,
    renderSeconds: (rendered - read) / 1000,
    peakMegabytes: process.resourceUsage().maxRSS / 1000,
    pageMegabytes: Buffer.byteLength(page) / 1e6,
  }),
);
