// Arms of the object store with their rows: those of a run, or one by its scorecard.
import { BadInput } from '../domain/bad-input.ts';
import { sha256 } from '../domain/canonical.ts';
import { stageKey } from '../domain/refs.ts';
import { rowResultSchema, scorecardSchema, type RowResult } from '../domain/scorecard.ts';
import { contestResultSchema } from '../domain/stage-inputs.ts';
import { selectResultSchema, type SelectResult } from '../domain/sweep.ts';
import { byteLines } from '../datasets/byte-lines.ts';
import type { StoredArm } from '../evals/name-arms.ts';
import { getBlobStream } from '../registry/blobs.ts';
import { getJson, parseStored } from '../registry/json.ts';
import type { ObjectStore } from '../registry/store.ts';

/** Rows of a scorecard are stored one a line; a line holds one answer. */
const longestRow = 64 * 2 ** 20;

/** Where the stages of a run's contest lie: those of a sweep under the candidate that it chose. */
export async function contestKey(store: ObjectStore, runKey: string): Promise<string> {
  const selection = await selectionOf(store, runKey);
  return selection === undefined ? runKey : `${runKey}/${selection.chosen}`;
}

/** The choice of a sweep, once it is final. */
export async function selectionOf(store: ObjectStore, runKey: string): Promise<SelectResult | undefined> {
  return await getJson(store, stageKey(runKey, 'select'), selectResultSchema);
}

/** Every arm of a run whose evaluation is complete; undefined when there is none. */
export async function armsOfRun(store: ObjectStore, runKey: string): Promise<StoredArm[] | undefined> {
  const key = stageKey(await contestKey(store, runKey), 'evaluate');
  const contest = await getJson(store, key, contestResultSchema);
  if (contest === undefined) {
    return undefined;
  }
  const arms: StoredArm[] = [];
  for (const { scorecard } of contest.scorecards) {
    arms.push(await storedArm(store, scorecard.key, scorecard.sha256));
  }
  return arms;
}

/** Throws BadInput when there is no scorecard of this digest. */
export async function storedArm(store: ObjectStore, key: string, digest: string): Promise<StoredArm> {
  const bytes = await store.get(key);
  if (bytes === undefined || sha256(bytes) !== digest) {
    throw new BadInput('there is no scorecard with this digest', { where: key });
  }
  const scorecard = parseStored(key, bytes, scorecardSchema);
  const lines = byteLines(await getBlobStream(store, scorecard.results), {
    file: scorecard.results.key,
    maxBytes: longestRow,
  });
  const results: RowResult[] = [];
  for await (const { bytes: line } of lines) {
    if (line.length > 0) {
      results.push(parseStored(scorecard.results.key, line, rowResultSchema));
    }
  }
  const { arm } = scorecard;
  return { from: 'store', label: arm.label, as: arm.kind, contestant: { arm, results, scorecard }, sha256: digest };
}
