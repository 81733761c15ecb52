// Writes the report of an evaluation: one HTML file in the object store.
import { sha256 } from '../domain/canonical.ts';
import type { EvaluationInput, EvaluationOutcome } from '../domain/evaluation.ts';
import type { BlobRef } from '../domain/refs.ts';
import { verdictSchema } from '../domain/verdict.ts';
import { decidingMetric } from '../evals/report/contest.ts';
import { renderReport } from '../evals/report/render-report.ts';
import { getBlob } from '../registry/blobs.ts';
import { parseStored } from '../registry/json.ts';
import { askedSuite } from './asked-suite.ts';
import type { ActivityDeps } from './deps.ts';
import { readJudged, readReportArms } from './report-arms.ts';

export async function reportEvaluation(
  { store, now }: ActivityDeps,
  input: EvaluationInput,
  { scorecards, judged, gate }: Omit<EvaluationOutcome, 'report'>,
): Promise<BlobRef> {
  const verdict = parseStored(gate.verdict.key, await getBlob(store, gate.verdict), verdictSchema);
  const suite = await askedSuite(store, { suite: input.suite });
  const rowIds = suite.rows.map(({ id }) => id);
  const arms = await readReportArms(store, scorecards, rowIds, decidingMetric(verdict));
  const page = await renderReport({
    title: input.title,
    key: input.key,
    createdAt: now().toISOString(),
    task: suite.task,
    verdict,
    arms,
    rows: suite.rows,
    judged: await readJudged(store, judged, rowIds),
    stages: arms.map(({ scorecard }) => ({ stage: `evaluate ${scorecard.arm.label}`, seconds: scorecard.seconds })),
    lineage: [
      { what: 'suite', id: input.title, sha256: input.suite.sha256 },
      ...scorecards.map(({ armId, scorecard }) => ({ what: 'scorecard', id: armId, sha256: scorecard.sha256 })),
      ...judged.map(({ other, summary }) => ({ what: 'judgements', id: other, sha256: summary.sha256 })),
      { what: 'verdict', id: input.key, sha256: gate.verdict.sha256 },
    ],
    run: null,
  });
  const bytes = Buffer.from(page);
  const ref = { key: `runs/${input.key}/report.html`, sha256: sha256(bytes), bytes: bytes.length };
  await store.put(ref.key, bytes);
  return ref;
}
