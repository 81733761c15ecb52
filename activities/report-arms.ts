// Reads scorecards and their answers for a report, one record at a time.
import { rowJudgementSchema, judgementSummarySchema } from '../domain/judgement.ts';
import type { Metric } from '../domain/metrics.ts';
import type { BlobRef } from '../domain/refs.ts';
import { rowResultSchema, scorecardSchema, type ScorecardRef } from '../domain/scorecard.ts';
import { askedRows, collectAnswers } from '../evals/report/answers.ts';
import { metricsOf, rowMetric } from '../evals/report/contest.ts';
import type { ReportArm, ReportJudgement } from '../evals/report/report-data.ts';
import { getBlob, getBlobStream } from '../registry/blobs.ts';
import { parseStored } from '../registry/json.ts';
import type { ObjectStore } from '../registry/store.ts';
import { streamLines } from './json-lines.ts';

/**
 * Keeps columns and not records, so that a report of 100,000 rows fits beside the other work of a machine. Throws
 * when a file of results holds fewer answers than its scorecard counts.
 *
 * @param rowIds ids of the suite's rows in their order
 * @param deciding the metric that decides
 */
export async function readReportArms(
  store: ObjectStore,
  refs: readonly Pick<ScorecardRef, 'scorecard'>[],
  rowIds: readonly string[],
  deciding: Metric,
): Promise<ReportArm[]> {
  const arms: ReportArm[] = [];
  for (const { scorecard: ref } of refs) {
    const scorecard = parseStored(ref.key, await getBlob(store, ref), scorecardSchema);
    const metric = rowMetric(deciding, metricsOf([{ scorecard }]));
    const results = streamLines(await getBlobStream(store, scorecard.results), rowResultSchema);
    const answers = await collectAnswers(results, rowIds, metric);
    if (askedRows(answers) !== scorecard.n) {
      throw new RangeError(
        `${scorecard.results.key} has ${askedRows(answers)} answers, its scorecard counts ${scorecard.n}`,
      );
    }
    arms.push({ scorecard, answers });
  }
  return arms;
}

/** What judges said of each pair, with the preference of every row. */
export async function readJudged(
  store: ObjectStore,
  refs: readonly { readonly summary: BlobRef }[],
  rowIds: readonly string[],
): Promise<ReportJudgement[]> {
  const places = new Map(rowIds.map((id, row) => [id, row]));
  const judged: ReportJudgement[] = [];
  for (const { summary: ref } of refs) {
    const summary = parseStored(ref.key, await getBlob(store, ref), judgementSummarySchema);
    const preferences = new Float64Array(rowIds.length).fill(Number.NaN);
    for await (const row of streamLines(await getBlobStream(store, summary.judgements), rowJudgementSchema)) {
      const place = places.get(row.rowId);
      if (place !== undefined && !row.unreadable && !row.unanswered) {
        preferences[place] = row.preference;
      }
    }
    judged.push({ summary, preferences });
  }
  return judged;
}
