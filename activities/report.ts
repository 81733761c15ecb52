// Writes the run's report: one HTML file in the object store.
import { z } from 'zod';
import { blobRefSchema, sha256Schema, stageKey, type BlobRef } from '../domain/refs.ts';
import { sha256 } from '../domain/canonical.ts';
import { progressLineSchema } from '../domain/training.ts';
import type { ReportInput } from '../domain/stage-inputs.ts';
import { verdictSchema } from '../domain/verdict.ts';
import { decidingMetric } from '../evals/report/contest.ts';
import { renderReport } from '../evals/report/render-report.ts';
import type { LineageEntry, ReportArm, ReportStage } from '../evals/report/report-data.ts';
import { getBlob } from '../registry/blobs.ts';
import { getJson, parseStored, putJson } from '../registry/json.ts';
import type { ActivityDeps } from './deps.ts';
import { parseLines } from './json-lines.ts';
import { readJudged, readReportArms } from './report-arms.ts';
import { readManifest, readRecipe } from './run-inputs.ts';
import { suiteOfRun } from './suite-of-run.ts';
import { tokensOfTraining } from './tokens-of-training.ts';

/** A report belongs to one verdict and one outcome on the registry; when these are the same it is not written again. */
const reportResultSchema = z.strictObject({ verdict: sha256Schema, outcome: z.string(), report: blobRefSchema });

export async function report({ store, now }: ActivityDeps, input: ReportInput): Promise<BlobRef> {
  const { run, gate, promotion } = input;
  const key = stageKey(run.runKey, 'report');
  const stored = await getJson(store, key, reportResultSchema);
  if (stored?.verdict === gate.verdict.sha256 && stored.outcome === promotion.outcome) {
    return stored.report;
  }
  const recipe = await readRecipe(store, run.recipe);
  const dataset = await readManifest(store, input.dataset.manifest);
  const verdict = parseStored(gate.verdict.key, await getBlob(store, gate.verdict), verdictSchema);
  const { rows } = await suiteOfRun(store, recipe, dataset);
  const rowIds = rows.map(({ id }) => id);
  const arms = await readReportArms(store, input.scorecards, rowIds, decidingMetric(verdict));
  const tokens = await tokensOfTraining(store, input.candidate, { recipe, manifest: dataset, base: run.base });
  const page = await renderReport({
    title: run.recipeName,
    key: run.runKey,
    createdAt: now().toISOString(),
    task: recipe.task,
    verdict,
    arms,
    rows,
    judged: await readJudged(store, input.judged ?? [], rowIds),
    stages: stageTimes(input, arms),
    lineage: lineageOf(input),
    run: {
      promotion,
      dataset,
      training: input.candidate,
      sweep: input.selection?.entries ?? null,
      tokens: tokens ?? null,
      progress: parseLines(await getBlob(store, input.candidate.progress), progressLineSchema),
    },
  });
  const bytes = Buffer.from(page);
  const ref = { key: `runs/${run.runKey}/report.html`, sha256: sha256(bytes), bytes: bytes.length };
  await store.put(ref.key, bytes);
  await putJson(
    store,
    key,
    { verdict: gate.verdict.sha256, outcome: promotion.outcome, report: ref },
    reportResultSchema,
  );
  return ref;
}

function stageTimes(input: ReportInput, arms: readonly ReportArm[]): ReportStage[] {
  return [
    { stage: 'curate', seconds: input.dataset.seconds },
    { stage: 'train', seconds: input.candidate.trainer.seconds },
    ...arms.map(({ scorecard }) => ({ stage: `evaluate ${scorecard.arm.label}`, seconds: scorecard.seconds })),
  ];
}

function lineageOf({ run, dataset, candidate, scorecards, gate, promotion }: ReportInput): LineageEntry[] {
  return [
    { what: 'recipe', id: run.recipeName, sha256: run.recipe.sha256 },
    ...run.sources.map(({ path, blob }) => ({ what: 'source', id: path, sha256: blob.sha256 })),
    { what: 'dataset manifest', id: dataset.dataset, sha256: dataset.manifest.sha256 },
    { what: 'base model', id: run.base.name, sha256: run.base.sha256 },
    { what: 'adapter manifest', id: candidate.artifact.key, sha256: candidate.artifact.sha256 },
    ...scorecards.map(({ armId, scorecard }) => ({ what: 'scorecard', id: armId, sha256: scorecard.sha256 })),
    { what: 'verdict', id: promotion.modelVersion, sha256: gate.verdict.sha256 },
  ];
}
