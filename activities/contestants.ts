// Reads scorecards and their rows back from the store, as the gate and the report take them.
import { failureTypes } from '../domain/failures.ts';
import { rowResultSchema, scorecardSchema, type ScorecardRef } from '../domain/scorecard.ts';
import type { Contestant } from '../evals/compare.ts';
import { getBlob } from '../registry/blobs.ts';
import { parseStored } from '../registry/json.ts';
import type { ObjectStore } from '../registry/store.ts';
import { parseLines } from './json-lines.ts';
import { permanent } from './permanent.ts';

export async function readContestants(
  store: ObjectStore,
  refs: readonly Pick<ScorecardRef, 'scorecard'>[],
): Promise<Contestant[]> {
  const contestants: Contestant[] = [];
  for (const { scorecard: ref } of refs) {
    const scorecard = parseStored(ref.key, await getBlob(store, ref), scorecardSchema);
    const results = parseLines(await getBlob(store, scorecard.results), rowResultSchema);
    contestants.push({ arm: scorecard.arm, results, scorecard });
  }
  return contestants;
}

/** The candidate (or the champion asked again) and everybody else. */
export function sidesOf(contestants: readonly Contestant[]): { candidate: Contestant; others: Contestant[] } {
  const candidate = contestants.find(({ arm }) => arm.kind === 'candidate');
  if (candidate === undefined) {
    throw permanent(failureTypes.badInput, 'no candidate took part in the contest');
  }
  return { candidate, others: contestants.filter((contestant) => contestant !== candidate) };
}
