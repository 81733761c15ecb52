// One arm's shards become its scorecard.
import { canonicalJson } from '../domain/canonical.ts';
import { rowResultSchema, type RowResult, type Scorecard, type ScorecardRef } from '../domain/scorecard.ts';
import type { AskedArm, ScoreInput } from '../domain/stage-inputs.ts';
import { buildScorecard } from '../evals/scorecard.ts';
import { getBlob, putBlob } from '../registry/blobs.ts';
import type { ObjectStore } from '../registry/store.ts';
import { askedSuite, type AskedSuite } from './asked-suite.ts';
import { keptShard, shardKey } from './asking/kept-shard.ts';
import { unansweredRow } from './asking/row-answerer.ts';
import type { ActivityDeps } from './deps.ts';
import { parseLines, toLinePieces } from './json-lines.ts';
import { partSharer } from './shared-parts.ts';

export async function score({ store }: ActivityDeps, input: ScoreInput): Promise<ScorecardRef> {
  const { arm, shards = [], asked } = input;
  const suite = await askedSuite(store, input);
  const results: RowResult[] = asked === undefined ? [] : await askedResults(store, input.runKey, arm.id, suite, asked);
  for (const shard of shards) {
    results.push(...parseLines(await getBlob(store, shard.results), rowResultSchema));
  }
  const scorecard: Scorecard = buildScorecard({
    arm,
    suite: suite.sha256,
    rowIds: suite.rows.slice(0, asked?.rows).map(({ id }) => id),
    results,
    scorers: suite.scorers,
    seconds: asked?.seconds ?? shards.reduce((total, { seconds }) => total + seconds, 0),
    resultsRef: await putBlob(store, () => toLinePieces(results)),
  });
  return {
    armId: arm.id,
    kind: arm.kind,
    scorecard: await putBlob(store, canonicalJson(scorecard)),
    exactMatch: scorecard.correct / scorecard.n,
    n: scorecard.n,
    errors: scorecard.errors,
    paidUsd: scorecard.paidUsd,
  };
}

/** Results in the order of the suite; rows of shards that were never asked count as unanswered. */
async function askedResults(
  store: ObjectStore,
  runKey: string,
  armId: string,
  suite: AskedSuite,
  { rows, shardRows, incomplete, stopped }: AskedArm,
): Promise<RowResult[]> {
  const partial = new Map(incomplete.map(({ shard, results }) => [shard, results]));
  const found: RowResult[] = [];
  const share = partSharer();
  for (let shard = 0; shard * shardRows < rows; shard += 1) {
    const ref = partial.get(shard) ?? (await keptShard(store, shardKey(runKey, armId, shard)))?.results;
    if (ref === undefined) {
      const unasked = suite.rows.slice(shard * shardRows, Math.min(rows, (shard + 1) * shardRows));
      found.push(...unasked.map((row) => unansweredRow(suite, row, stopped ?? 'down')));
    } else {
      for (const result of parseLines(await getBlob(store, ref), rowResultSchema)) {
        found.push(share(result, suite.rows[found.length]));
      }
    }
  }
  return found;
}
