// Reads scorecards and their answers for a report, one record at a time.
import type { Metric } from '../domain/metrics.ts';
import { rowResultSchema, scorecardSchema, type ScorecardRef } from '../domain/scorecard.ts';
import { collectAnswers } from '../evals/report/answers.ts';
import type { ReportArm } from '../evals/report/report-data.ts';
import { getBlob, getBlobStream } from '../registry/blobs.ts';
import { parseStored } from '../registry/json.ts';
import type { ObjectStore } from '../registry/store.ts';
import { streamLines } from './json-lines.ts';

/**
 * Keeps columns and not records, so that a report of 100,000 rows fits beside the other work of a machine.
 *
 * @param metric the metric that decides
 */
export async function readReportArms(
  store: ObjectStore,
  refs: readonly Pick<ScorecardRef, 'scorecard'>[],
  metric: Metric,
): Promise<ReportArm[]> {
  const arms: ReportArm[] = [];
  for (const { scorecard: ref } of refs) {
    const scorecard = parseStored(ref.key, await getBlob(store, ref), scorecardSchema);
    const results = streamLines(await getBlobStream(store, scorecard.results), rowResultSchema);
    arms.push({ scorecard, answers: await collectAnswers(results, scorecard.n, metric) });
  }
  return arms;
}
